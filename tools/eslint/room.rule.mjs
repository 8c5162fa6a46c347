import { isBuiltin } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { importVisitors } from './import.visitors.mjs';

/**
 * One room (a folder of a domain package, or a whole pure package): what it may import. Types count as much as values: what a
 * room names, it knows. Options: `name` of the room; `ground`; `rooms`, its neighbours; `packages` of the house; `externals`, of npm;
 * `source`, the folder that holds the rooms, and `own`, the package's name (both absent for a package without rooms).
 */
export const roomRule = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: {
          name: { type: 'string' },
          ground: { enum: ['any', 'sandbox', 'node'] },
          rooms: { type: 'array', items: { type: 'string' } },
          packages: { type: 'array', items: { type: 'string' } },
          externals: { type: 'array', items: { type: 'string' } },
          source: { type: 'string' },
          own: { type: 'string' },
        },
        required: ['name', 'ground', 'externals'],
        additionalProperties: false,
      },
    ],
    messages: {
      node: 'Room "{{name}}" has no Node: "{{specifier}}" is not for code that runs in any place.',
      room: 'Room "{{name}}" may not look into room "{{target}}". It may look into: {{allowed}}.',
      outside:
        'Room "{{name}}" reaches "{{specifier}}", which lies in no room. A domain package holds nothing but rooms.',
      door: 'Room "{{name}}" enters room "{{target}}" through the window: import its index.ts.',
      package: 'Room "{{name}}" may not import "{{specifier}}". It may import: {{allowed}}.',
    },
  },
  create(context) {
    const [{ name, ground, rooms = [], packages, externals, source, own }] = context.options;
    const list = (names) => names.join(', ') || 'nothing';
    const report = (node, messageId, data) => context.report({ node, messageId, data: { name, ...data } });

    function checkRoom(node, specifier, target, throughIndex) {
      if (target === name) return;
      if (target === '') return report(node, 'outside', { specifier });
      if (!rooms.includes(target)) return report(node, 'room', { target, allowed: list(rooms) });
      if (!throughIndex) report(node, 'door', { target });
    }

    return importVisitors((specifier, node) => {
      if (specifier.startsWith('.')) {
        if (!source) return;
        const path = relative(source, resolve(dirname(context.filename), specifier)).split(sep);
        if (path[0] === '..') return;
        return checkRoom(node, specifier, path.length > 1 ? path[0] : '', /^index\.[cm]?[jt]s$/.test(path[1] ?? ''));
      }
      if (own && (specifier === own || specifier.startsWith(`${own}/`))) {
        return checkRoom(node, specifier, specifier.slice(own.length + 1), true);
      }
      if (isBuiltin(specifier)) return ground === 'node' ? undefined : report(node, 'node', { specifier });
      if (specifier.startsWith('@haat/')) {
        if (packages && !packages.includes(specifier)) report(node, 'package', { specifier, allowed: list(packages) });
        return undefined;
      }
      const external = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      if (!externals.includes(external)) report(node, 'package', { specifier, allowed: list(externals) });
    });
  },
};
