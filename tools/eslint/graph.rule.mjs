import { readCachedProjectGraph } from '@nx/devkit';

let ready;

function hasProjectGraph() {
  try {
    return Boolean(readCachedProjectGraph());
  } catch {
    return false;
  }
}

/** Without a project graph `@nx/enforce-module-boundaries` skips itself with a warning and exit status 0. Refuse instead. */
export const graphRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      missing: 'No project graph, so that no boundary can be checked. Lint through Nx: npx nx lint <project>.',
    },
  },
  create(context) {
    return {
      Program(node) {
        ready ??= hasProjectGraph();
        if (!ready) context.report({ node, messageId: 'missing' });
      },
    };
  },
};
