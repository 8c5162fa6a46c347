import { graphqlPath } from '@haat/platform';
import { Controller, Get, Header } from '@nestjs/common';
import { exampleQueries } from './graphiql.examples.ts';

/** Read at the first visit: nine megabytes that an app which nobody browses need not hold. */
const assets = () => import('@graphql-yoga/render-graphiql/graphiql');

const script = 'text/javascript; charset=utf-8';
/** The files change with the package only; a day of caching spares a megabyte a visit. */
const day = 'public, max-age=86400';

/** GraphiQL, whole, from this server: nothing is loaded from elsewhere, so it works without a network. */
@Controller('graphiql')
export class GraphiqlController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:")
  page(): string {
    return graphiqlPage;
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

const options = {
  title: 'Haat',
  endpoint: graphqlPath,
  defaultTabs: exampleQueries.map((query) => ({ query })),
};

const graphiqlPage = `<!doctype html>
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
      YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(options).replaceAll('<', '\\u003c')});
    </script>
  </body>
</html>
`;
