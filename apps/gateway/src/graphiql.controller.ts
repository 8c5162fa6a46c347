import { graphqlPath } from '@haat/platform';
import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from './config.ts';
import { exampleQueries } from './graphiql.examples.ts';

/** Read at the first visit: nine megabytes that an app which nobody browses need not hold. */
const assets = () => import('@graphql-yoga/render-graphiql/graphiql');

/** Injection token of the token that the page opens with; null for none. */
export const GRAPHIQL_TOKEN = Symbol('graphiql token');

const script = 'text/javascript; charset=utf-8';
/** The files change with the package only; a day of caching spares a megabyte a visit. */
const day = 'public, max-age=86400';

/** GraphiQL, whole, from this server: nothing is loaded from elsewhere, so it works without a network. */
@Controller('graphiql')
export class GraphiqlController {
  constructor(@Inject(GRAPHIQL_TOKEN) private readonly token: string | null) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:")
  @Header('cache-control', 'no-store')
  page(@Req() { hostname }: FastifyRequest): string {
    // A page of another site that gave itself our address would come under its own name.
    return graphiqlPage(isLoopback(hostname) ? this.token : null);
  }

  @Get('graphiql.js')
  @Header('content-type', script)
  @Header('cache-control', day)
  async script(): Promise<string> {
    return (await assets()).js;
  }

  @Get('graphiql.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', day)
  async style(): Promise<string> {
    return (await assets()).css;
  }

  @Get('editorWorkerService.js')
  @Header('content-type', script)
  @Header('cache-control', day)
  async editorWorker(): Promise<string> {
    return (await assets()).editorWorkerService;
  }

  @Get('json.js')
  @Header('content-type', script)
  @Header('cache-control', day)
  async jsonWorker(): Promise<string> {
    return (await assets()).jsonWorker;
  }

  @Get('graphql.js')
  @Header('content-type', script)
  @Header('cache-control', day)
  async graphqlWorker(): Promise<string> {
    return (await assets()).graphqlWorker;
  }
}

function optionsWith(token: string | null) {
  return {
    title: 'Haat',
    endpoint: graphqlPath,
    // Sent with each request, and not kept in the browser as the headers of a tab are.
    additionalHeaders: token === null ? {} : { authorization: `Bearer ${token}` },
    defaultTabs: exampleQueries.map((query) => ({ query })),
  };
}

const graphiqlPage = (token: string | null) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Haat: ask the marketplace's models</title>
    <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M4 14 16 4l12 10v14H4z' fill='%23c2410c'/%3E%3Cpath d='M4 14h24l-3 5H7z' fill='%23fdba74'/%3E%3C/svg%3E" />
    <link rel="stylesheet" href="/graphiql/graphiql.css" />
    <style>html, body, #root { height: 100%; margin: 0; }</style>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript. The endpoint itself is ${graphqlPath}.</noscript>
    <div id="root"></div>
    <script>
      self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => '/graphiql/' + label + '.js' };
    </script>
    <script src="/graphiql/graphiql.js"></script>
    <script>
      YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(optionsWith(token)).replaceAll('<', '\\u003c')});
    </script>
  </body>
</html>
`;
