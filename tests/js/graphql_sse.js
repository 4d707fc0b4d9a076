// Follows a subscription with graphql-sse, each connection for itself. Reads {url, token, query, variables, most,
// breaks, field} from standard input, as graphql_ws.js does, and prints what came, as JSON.
import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-sse';

const { url, token, query, variables, most, breaks, field } = JSON.parse(readFileSync(0, 'utf8'));
const told = { answers: [], errors: [], completed: false, connections: 0 };

function connected() {
  told.connections += 1;
  return createClient({ url, headers: token ? { Authorization: `Bearer ${token}` } : {}, retryAttempts: 0 });
}

let after = variables.after ?? null;
try {
  while (told.answers.length < most && !told.completed) {
    const client = connected();
    let count = Math.min(breaks ?? most, most - told.answers.length);
    for await (const answer of client.iterate({ query, variables: { ...variables, after } })) {
      told.answers.push(answer);
      after = answer.data?.[field]?.position ?? after;
      if (--count <= 0) break;
    }
    told.completed = count > 0;
    client.dispose();
  }
} catch (error) {
  told.errors.push({ message: error.message, status: error.response?.status });
}
console.log(JSON.stringify(told));
