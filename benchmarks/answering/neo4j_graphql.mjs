// The peer: @neo4j/graphql on graphql-yoga, as their guides set them up, on one port of the loopback interface.
// `node neo4j_graphql.mjs FILE`: the JSON file says which Neo4j, which port, and the definitions of the types.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Neo4jGraphQL } from '@neo4j/graphql';
import { createYoga } from 'graphql-yoga';
import neo4j from 'neo4j-driver';

const { uri, user, password, database, port, definitions } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const driver = neo4j.driver(uri, neo4j.auth.basic(user, password));
const features = { filters: { String: { CASE_INSENSITIVE: true } } };
const schema = await new Neo4jGraphQL({ typeDefs: definitions, driver, features }).getSchema();
const yoga = createYoga({ schema, graphiql: false, landingPage: false, context: { sessionConfig: { database } } });
const server = createServer(yoga).listen(port, '127.0.0.1');

process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  driver.close();
});
