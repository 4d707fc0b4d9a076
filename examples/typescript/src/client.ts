/** Asks a station: typed documents go in, typed answers come out, and a no is an error that carries its code. */
import { createClient } from 'graphql-sse';
import type { TypedDocumentString } from './generated/graphql.js';

interface Problem {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly Problem[];
}

/** The server said no: `code` tells of what kind; where a rule of the network said it, `rule` is that rule's code. */
export class Refusal extends Error {
  readonly code: string;
  readonly rule: string | null;

  constructor({ message, extensions }: Problem) {
    super(message);
    this.code = typeof extensions?.['code'] === 'string' ? extensions['code'] : 'UNKNOWN';
    this.rule = typeof extensions?.['rule'] === 'string' ? extensions['rule'] : null;
  }
}

export class Client {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /** Without a token it is the public that asks. */
  constructor(address: string, token?: string) {
    this.#url = `${address}/graphql`;
    this.#headers = token ? { Authorization: `Bearer ${token}` } : {};
  }

  /** The answer to a question or a command, from a graph that shows the log up to the position `atLeast`. */
  async ask<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: NoInfer<Variables>,
    atLeast = 0,
  ): Promise<Result> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { ...this.#headers, 'Content-Type': 'application/json', 'Yizhan-At-Least': `${atLeast}` },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    if (!response.headers.get('Content-Type')?.includes('json')) throw new Error(`HTTP status ${response.status}`);
    return dataOf((await response.json()) as Answer<Result>);
  }

  /** The answers to a subscription as they come, until the loop over them is left. */
  async *follow<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentString<Result, Variables>,
    variables: NoInfer<Variables>,
  ): AsyncGenerator<Result> {
    const stream = createClient({ url: this.#url, headers: this.#headers, retryAttempts: 0 });
    try {
      for await (const answer of stream.iterate<Result>({ query: document.toString(), variables })) {
        yield dataOf(answer);
      }
    } finally {
      stream.dispose();
    }
  }
}

function dataOf<Result>({ data, errors }: Answer<Result>): Result {
  if (errors?.[0]) throw new Refusal(errors[0]);
  if (!data) throw new Error('the answer has neither data nor errors');
  return data;
}
