/** Signs in, reads page by page, records something, is refused, and follows it; then takes it back. */
import { randomUUID } from 'node:crypto';
import { Client, Refusal } from './client.js';
import {
  NeedChangedDocument,
  OneNeedDocument,
  OpenNeedsDocument,
  PublishNeedDocument,
  RecordNeedDocument,
  WhoAmIDocument,
  WithdrawNeedDocument,
  type CardFragment,
  type OpenNeedsQuery,
  type RecordNeedInput,
} from './generated/graphql.js';

const client = new Client(process.env['STATION_ADDRESS'] ?? 'http://127.0.0.1:8000', process.env['STATION_TOKEN']);

// Who asks.
const { me } = await client.ask(WhoAmIDocument, {});
if (!me.stationId) throw new Error('set STATION_TOKEN to a token of somebody who acts for a station');
console.log(`signed in as ${me.personId}: ${me.roles.join(', ')} at ${me.stationId}`);

// A list, page by page.
async function openNeeds(): Promise<CardFragment[]> {
  const found: CardFragment[] = [];
  let after: string | null | undefined;
  do {
    const { needs }: OpenNeedsQuery = await client.ask(OpenNeedsDocument, { first: 5, after });
    found.push(...needs.edges.flatMap((edge) => edge?.node ?? []));
    after = needs.pageInfo.hasNextPage ? needs.pageInfo.endCursor : null;
  } while (after);
  return found;
}

const needs = await openNeeds();
const [first] = needs;
if (!first?.station || !first.organisation) throw new Error('this network has no open need');
console.log(`${needs.length} open needs; the oldest is ${first.title.text}, of ${first.station.name.text}`);

// A command. Sent again under the same name, because its answer got lost, it counts once.
const input: RecordNeedInput = {
  requestId: randomUUID(),
  stationId: me.stationId,
  organisationId: first.organisation.id,
  details: { title: { zh: '余热回收', en: 'Heat recovery' }, mode: 'INTRODUCE' },
};
const { recordNeed: recorded } = await client.ask(RecordNeedDocument, { input });
const { recordNeed: again } = await client.ask(RecordNeedDocument, { input });
const times = again.repeated && again.id === recorded.id ? 'once' : 'twice';
console.log(`recorded ${recorded.id} at ${recorded.position}, counted ${times}`);

// What was done is seen by a read that waits for its position.
const { need } = await client.ask(OneNeedDocument, { id: recorded.id }, recorded.position);
console.log(`read it: ${need?.title.text}, ${need?.stage}`);

// A rule says no.
try {
  await client.ask(PublishNeedDocument, { input: { requestId: randomUUID(), needId: recorded.id } });
} catch (error) {
  if (!(error instanceof Refusal) || error.rule !== 'need.not_checked') throw error;
  console.log(`${error.code} by ${error.rule}: ${error.message}`);
}

// What happens to it from that position on.
const changes = client.follow(NeedChangedDocument, { id: recorded.id, after: recorded.position });
await client.ask(WithdrawNeedDocument, {
  input: { requestId: randomUUID(), needId: recorded.id, reason: 'it was an example' },
});
for await (const { nodeChanged } of changes) {
  const topics = nodeChanged.events?.map((event) => event.topic).join(', ');
  console.log(`followed it: ${topics} at ${nodeChanged.position}`);
  if (nodeChanged.node?.__typename === 'Need' && nodeChanged.node.stage === 'WITHDRAWN') break;
}
