import type { Planted } from './planted.ts';

/** What makes the answer of a pure room depend on more than its arguments. */
export const plantedImpurities: Readonly<Record<string, Planted>> = {
  "model to Node's globals": {
    file: 'libs/packaging/src/model/planted.globals.ts',
    code: `export const held = process.env['HOME'];\n`,
    rule: 'no-restricted-globals',
    says: /no Node/,
  },
  'model to the clock': {
    file: 'libs/packaging/src/model/planted.clock.ts',
    code: `export const held = Date.now();\n`,
    rule: 'no-restricted-syntax',
    says: /asOf/,
  },
  'features to chance': {
    file: 'libs/packaging/src/features/planted.chance.ts',
    code: `export const held = Math.random();\n`,
    rule: 'no-restricted-syntax',
    says: /seeded generator/,
  },
  'features to chance, taken out of Math': {
    file: 'libs/packaging/src/features/planted.part.ts',
    code: `const { random } = Math;\nexport const held = random();\n`,
    rule: 'no-restricted-syntax',
    says: /seeded generator/,
  },
  'model to the clock, handed on': {
    file: 'libs/packaging/src/model/planted.handed.ts',
    code: `export const held = [new Set(Date)];\n`,
    rule: 'no-restricted-syntax',
    says: /asOf/,
  },
  'features to chance by a text': {
    file: 'libs/packaging/src/features/planted.text.ts',
    code: `export const held = Math['random']();\n`,
    rule: 'no-restricted-syntax',
    says: /seeded generator/,
  },
  'model to Math as a whole': {
    file: 'libs/packaging/src/model/planted.alias.ts',
    code: `export const held = [Math];\n`,
    rule: 'no-restricted-syntax',
    says: /seeded generator/,
  },
  'features to the ids of chance': {
    file: 'libs/packaging/src/features/planted.ids.ts',
    code: `export const held = crypto.randomUUID();\n`,
    rule: 'no-restricted-globals',
    says: /seeded generator/,
  },
  'features to a global by another name': {
    file: 'libs/packaging/src/features/planted.global.ts',
    code: `export const held = globalThis.crypto.randomUUID();\n`,
    rule: 'no-restricted-globals',
    says: /by its name/,
  },
  'features to the network': {
    file: 'libs/packaging/src/features/planted.network.ts',
    code: `export const held = () => fetch('http://127.0.0.1');\n`,
    rule: 'no-restricted-globals',
    says: /asks nobody/,
  },
  'contract to a timer': {
    file: 'libs/packaging/src/contract/planted.timer.ts',
    code: `export const held = () => setTimeout(() => 1, 1);\n`,
    rule: 'no-restricted-globals',
    says: /waits for nothing/,
  },
  'features to the clock, without new': {
    file: 'libs/packaging/src/features/planted.clock.ts',
    code: `export const held = Date();\n`,
    rule: 'no-restricted-syntax',
    says: /asOf/,
  },
  'model to the clock by a text': {
    file: 'libs/packaging/src/model/planted.now.ts',
    code: `export const held = Date['now']();\n`,
    rule: 'no-restricted-syntax',
    says: /asOf/,
  },
  'features to the clock, taken out of Date': {
    file: 'libs/packaging/src/features/planted.date.ts',
    code: `const { now } = Date;\nexport const held = now();\n`,
    rule: 'no-restricted-syntax',
    says: /asOf/,
  },
  'model to the clock by another name': {
    file: 'libs/packaging/src/model/planted.moment.ts',
    code: `const Moment = Date;\nexport const held = new Moment();\n`,
    rule: 'no-restricted-syntax',
    says: /asOf/,
  },
};
