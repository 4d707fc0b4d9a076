// Follows a subscription with graphql-ws. Reads {url, token, query, variables, after, most, breaks} from standard
// input: it takes `most` answers in all, breaking the connection off after each `breaks` of them and going on from the
// position of the last one; then it ends the subscription. Prints what came, as JSON.
import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const { url, token, query, variables, most, breaks, field } = JSON.parse(readFileSync(0, 'utf8'));
const told = { answers: [], errors: [], closed: [], completed: false, connections: 0 };

const sockets = [];
class Counted extends WebSocket {
  constructor(...given) {
    super(...given);
    sockets.push(this);
    told.connections += 1;
  }
}

const client = createClient({
  url,
  webSocketImpl: Counted,
  connectionParams: token ? { Authorization: `Bearer ${token}` } : {},
  retryAttempts: 0,
  on: { closed: (event) => told.closed.push({ code: event.code, reason: event.reason }) },
});

async function take(count, after, last) {
  let position = after;
  let left = count;
  try {
    for await (const answer of client.iterate({ query, variables: { ...variables, after } })) {
      told.answers.push(answer);
      position = answer.data?.[field]?.position ?? position;
      left -= 1;
      if (left <= 0 && last) break;
      if (left <= 0) sockets.splice(0).forEach((socket) => socket.terminate());
    }
    told.completed = left > 0;
  } catch (error) {
    if (left > 0) throw error; // else it is the breaking off itself
  }
  return position;
}

let after = variables.after ?? null;
try {
  while (told.answers.length < most && !told.completed) {
    const left = most - told.answers.length;
    after = await take(Math.min(breaks ?? most, left), after, left <= (breaks ?? most));
  }
} catch (error) {
  told.errors.push(...(Array.isArray(error) ? error : [{ message: error.message ?? error.reason, code: error.code }]));
}
await client.dispose();
console.log(JSON.stringify(told));
