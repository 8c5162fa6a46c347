import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { readFile } from 'node:fs/promises';
import { InternalTokenSigner } from '@haat/platform';

const [, , kind, addresses, secret] = process.argv;
const subgraphs = JSON.parse(addresses);

const signer = new InternalTokenSigner(secret);
const actor = { subject: 'user:bench', role: 'admin', scopes: ['*'], origin: 'bench' };

/** What each subgraph asks of whoever asks it; signed once in half a minute, as our gateway does. */
const authorization = async (subgraph) => `Bearer ${await signer.sign(actor, subgraph)}`;

/** The supergraph as it is committed, with the addresses of the running subgraphs in place of their names. */
async function supergraph() {
  const sdl = await readFile(new URL('../../../apps/gateway/supergraph.graphql', import.meta.url), 'utf8');
  return Object.entries(subgraphs).reduce(
    (text, [name, url]) => text.replaceAll(`http://${name}/graphql`, `${url}/graphql`),
    sdl,
  );
}

/** Hive's runtime as its documentation starts it, over Node's own server. */
async function hive() {
  const { createGatewayRuntime } = await import('@graphql-hive/gateway-runtime');
  const { unifiedGraphHandler } = await import('@graphql-hive/router-runtime');
  const { default: http } = await import('@graphql-mesh/transport-http');
  const gateway = createGatewayRuntime({
    supergraph: await supergraph(),
    unifiedGraphHandler,
    transports: { http },
    propagateHeaders: {
      fromClientToSubgraphs: async ({ subgraphName }) => ({ authorization: await authorization(subgraphName) }),
    },
    logging: false,
  });
  const server = createServer(gateway);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${server.address().port}/graphql`;
}

/** Apollo's gateway as its documentation starts it: Apollo Server, standalone. */
async function apollo() {
  const { ApolloGateway, RemoteGraphQLDataSource } = await import('@apollo/gateway');
  const { ApolloServer } = await import('@apollo/server');
  const { startStandaloneServer } = await import('@apollo/server/standalone');
  const buildService = ({ name, url }) =>
    new RemoteGraphQLDataSource({
      url,
      willSendRequest: async ({ request }) => request.http.headers.set('authorization', await authorization(name)),
    });
  const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl: await supergraph(), buildService }) });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return new URL('/graphql', url).href;
}

/** What handing an answer on costs any process of Node: the bytes as they come, or read and written as JSON; no gateway. */
const handsOn = (change) => async () => {
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (question, answer) => {
    const asked = await buffer(question);
    const headers = { authorization: await authorization('packaging'), 'content-type': 'application/json' };
    const onward = request(`${subgraphs.packaging}/graphql`, { method: 'POST', agent, headers });
    onward.end(asked);
    const [{ statusCode, headers: told }, body] = await once(onward, 'response').then(async ([response]) => [
      response,
      await buffer(response),
    ]);
    answer.writeHead(statusCode, { 'content-type': told['content-type'] });
    answer.end(change(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${server.address().port}/graphql`;
};
const bytes = handsOn((body) => body);
const json = handsOn((body) => JSON.stringify(JSON.parse(body.toString())));

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ milliseconds: (user + system) / 1_000 });
});
process.send({ url: await { hive, apollo, bytes, json }[kind]() });
