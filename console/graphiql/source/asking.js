// How the page asks its own server, in the name of whoever has signed in.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { parse } from 'graphql';

export const ADDRESS = new URL('/graphql', window.location.href);

/** The headers that say who asks, and for which station. Both may be empty: then the public asks. */
export function headersOf(token, station) {
  const bare = token.trim().replace(/^(Authorization:\s*)?Bearer\s+/i, '');
  return {
    ...(bare && { Authorization: `Bearer ${bare}` }),
    ...(station.trim() && { 'Yizhan-Station': station.trim() }),
  };
}

/**
 * What GraphiQL asks with: queries and mutations over HTTP, subscriptions over a WebSocket at the same address.
 *
 * Which of them it is, is read from what is sent: what GraphiQL knows of its editor is that of a moment ago.
 */
export function fetcherFor(headers) {
  const ask = createGraphiQLFetcher({
    url: ADDRESS.href,
    headers,
    subscriptionUrl: ADDRESS.href.replace(/^http/, 'ws'),
    wsConnectionParams: headers,
    enableIncrementalDelivery: false,
  });
  return (asked, options) => ask(asked, { ...options, documentAST: parsed(asked.query) ?? options?.documentAST });
}

/** The document; null for a text that is none, of which the server says why. */
function parsed(text) {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** Why the server does not take these headers; null if it does. */
export async function refusal(headers) {
  try {
    const answer = await fetch(ADDRESS, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    return answer.ok ? null : (await answer.json()).errors[0].message;
  } catch (error) {
    return error.message;
  }
}
