import { relative } from 'node:path';

const vague = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'managers', 'misc']);
const shape = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

/** A file is called `noun.role.ts`, in lower case, by a word of its field; neither it nor its folders by a word for "the rest". */
export const fileNameRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      vague: '"{{word}}" in "{{path}}" says nothing: name the thing by the word of its field.',
      shape: '"{{path}}": a file or folder is named in lower case, words joined by "-", role after ".".',
    },
  },
  create(context) {
    return {
      Program(node) {
        const path = relative(context.cwd, context.filename);
        for (const part of path.split(/[\\/]/)) {
          const word = part.split(/[.\-_]/).find((each) => vague.has(each.toLowerCase()));
          if (word) return context.report({ node, messageId: 'vague', data: { word, path } });
          if (!shape.test(part)) return context.report({ node, messageId: 'shape', data: { path } });
        }
      },
    };
  },
};
