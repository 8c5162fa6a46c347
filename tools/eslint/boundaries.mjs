import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applications, grounds, keepers, packages, rooms, testing } from './walls.mjs';

const tags = (kind, names) => names.map((name) => `${kind}:${name}`);

/** Names of the folders of `libs/` that are domain packages, by their own tags. */
export function domainsOf(root) {
  return readdirSync(join(root, 'libs')).filter((name) => {
    const { nx } = JSON.parse(readFileSync(join(root, 'libs', name, 'package.json'), 'utf8'));
    return nx.tags.includes('type:domain');
  });
}

/** Constraints between packages, for `@nx/enforce-module-boundaries`. `scope:all` joins the domains; nothing may import it. */
export function packageConstraints(domains) {
  const types = { ...packages, ...applications };
  return [
    ...Object.entries(types).map(([type, { uses }]) => ({
      sourceTag: `type:${type}`,
      onlyDependOnLibsWithTags: tags('type', uses),
      bannedExternalImports: Object.entries(keepers)
        .filter(([, who]) => !who.includes(type))
        .flatMap(([external]) => [external, `${external}/*`]),
    })),
    ...Object.entries(grounds).map(([ground, below]) => ({
      sourceTag: `env:${ground}`,
      onlyDependOnLibsWithTags: tags('env', below),
    })),
    { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
    { sourceTag: 'scope:platform', onlyDependOnLibsWithTags: ['scope:shared'] },
    { sourceTag: 'scope:all', onlyDependOnLibsWithTags: tags('scope', ['shared', ...domains]) },
    ...domains.map((domain) => ({
      sourceTag: `scope:${domain}`,
      onlyDependOnLibsWithTags: tags('scope', ['shared', domain]),
    })),
  ];
}

const isTest = '**/*.spec.ts';

/** A lint configuration for the room and a second one, wider, for its tests. */
function roomConfigs(folder, options, ignores = []) {
  const { packages: named, externals } = options;
  const relaxed = {
    ...options,
    ground: 'node',
    externals: [...externals, ...testing.externals],
    ...(named && { packages: [...named, ...testing.packages] }),
  };
  return [
    { files: [`${folder}/**/*.ts`], ignores: [isTest, ...ignores], rules: { 'house/room': ['error', options] } },
    { files: [`${folder}/${isTest}`], rules: { 'house/room': ['error', relaxed] } },
  ];
}

/** Every room of every domain, and the packages whose ground is not Node. */
export function roomConfigurations(root, domains) {
  const pure = Object.entries(packages).filter(([, { ground }]) => ground !== 'node');
  return [
    ...pure.flatMap(([name, { ground, externals }]) =>
      roomConfigs(`libs/${name}/src`, { name, ground, externals }, [`libs/${name}/src/{client,activities}/**`]),
    ),
    ...domains.flatMap((domain) => {
      const folder = `libs/${domain}/src`;
      const place = { source: join(root, folder), own: `@haat/${domain}` };
      return [
        // What lies in no room may import nothing at all.
        {
          files: [`${folder}/*.ts`],
          rules: { 'house/room': ['error', { name: '(none)', ground: 'any', packages: [], externals: [], ...place }] },
        },
        ...Object.entries(rooms).flatMap(([name, room]) =>
          roomConfigs(`${folder}/${name}`, { name, ...room, ...place }),
        ),
      ];
    }),
  ];
}

/** Globs of code that may run anywhere: it gets chance and time as arguments. */
export function pureFolders(domains) {
  const pureRooms = Object.entries(rooms).filter(([, { ground }]) => ground === 'any');
  const purePackages = Object.entries(packages).filter(([, { ground }]) => ground === 'any');
  return [
    ...purePackages.map(([name]) => `libs/${name}/src/**/*.ts`),
    ...domains.flatMap((domain) => pureRooms.map(([name]) => `libs/${domain}/src/${name}/**/*.ts`)),
  ];
}
