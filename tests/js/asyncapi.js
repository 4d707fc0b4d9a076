// Reads an AsyncAPI document from standard input and prints what @asyncapi/parser says about it, as JSON:
// its diagnostics, and what it understood of the document when there is no error among them.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const { document, diagnostics } = await new Parser().parse(readFileSync(0, 'utf8'));
const understood = document ? {
  version: document.version(),
  channels: document.channels().all().map((channel) => channel.address()),
  messages: document.messages().all().map((message) => message.name()),
  operations: document.operations().all().map((operation) => operation.action()),
} : null;
console.log(JSON.stringify({ diagnostics, understood }));
