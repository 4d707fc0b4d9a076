// Reads the address of a GraphQL server from standard input, holds it to the audits of graphql-http, and prints what
// came of each, as JSON.
import { readFileSync } from 'node:fs';
import { auditServer } from 'graphql-http';

const url = readFileSync(0, 'utf8').trim();
const results = await auditServer({ url });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
