// The reference of the order path: stock Apollo on Express with the same schema, whose resolver
// returns a constant. A process of its own; prints {"url"} when it listens.
import { readFileSync } from 'node:fs';

import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { buildSchema } from 'graphql';

const [schemaPath, constantPath] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaPath, 'utf8'));
const constant = JSON.parse(readFileSync(constantPath, 'utf8'));

for (const [field, value] of Object.entries(constant.Mutation ?? {})) {
  schema.getMutationType().getFields()[field].resolve = () => value;
}
for (const [field, value] of Object.entries(constant.Query ?? {})) {
  schema.getQueryType().getFields()[field].resolve = () => value;
}

const server = new ApolloServer({ schema });
await server.start();
const app = express();
app.use('/graphql', express.json(), expressMiddleware(server));
const listener = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${listener.address().port}/graphql` })}\n`);
});
