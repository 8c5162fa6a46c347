/** An import that the walls must refuse: where it is written, what it names, and what the refusal says. */
export interface Planted {
  readonly file: string;
  readonly code: string;
  readonly rule: string;
  readonly says: RegExp;
}

const boundaries = '@nx/enforce-module-boundaries';
const room = 'house/room';

const value = (specifier: string) => `import * as planted from '${specifier}';\nexport const held = planted;\n`;
const type = (specifier: string) =>
  `import type * as Planted from '${specifier}';\nexport type Held = typeof Planted;\n`;

/** `libs/bazaar` and `apps/bazaar` are a second domain and its app, made for the test. */
export const planted: Readonly<Record<string, Planted>> = {
  'domain to domain': {
    file: 'libs/bazaar/src/serving/planted.service.ts',
    code: value('@haat/packaging/contract'),
    rule: boundaries,
    says: /can only depend on libs tagged with/,
  },
  'domain to domain, a type only': {
    file: 'libs/packaging/src/contract/planted.type.ts',
    code: type('@haat/bazaar/contract'),
    rule: room,
    says: /may not import "@haat\/bazaar\/contract"/,
  },
  'domain to domain by a path': {
    file: 'libs/bazaar/src/store/planted.path.ts',
    code: value('../../../packaging/src/contract/index.ts'),
    rule: boundaries,
    says: /cannot be imported by a relative or absolute path/,
  },
  "an app to another domain's library": {
    file: 'apps/bazaar/src/planted.library.ts',
    code: value('@haat/packaging/serving'),
    rule: boundaries,
    says: /"scope:bazaar" can only depend on libs tagged with/,
  },
  'serving to training': {
    file: 'libs/packaging/src/serving/planted.service.ts',
    code: value('../training/index.ts'),
    rule: room,
    says: /may not look into room "training"/,
  },
  'serving to training, a type only': {
    file: 'libs/packaging/src/serving/planted.type.ts',
    code: type('../training/index.ts'),
    rule: room,
    says: /may not look into room "training"/,
  },
  'serving to training, re-exported by the package name': {
    file: 'libs/packaging/src/serving/planted.export.ts',
    code: `export * from '@haat/packaging/training';\n`,
    rule: room,
    says: /may not look into room "training"/,
  },
  'serving to training, loaded late': {
    file: 'libs/packaging/src/serving/planted.late.ts',
    code: `export const held = () => import('../training/index.ts');\n`,
    rule: room,
    says: /may not look into room "training"/,
  },
  "serving to the house's training": {
    file: 'libs/packaging/src/serving/planted.fit.ts',
    code: value('@haat/training'),
    rule: room,
    says: /may not import "@haat\/training"/,
  },
  'training to serving': {
    file: 'libs/packaging/src/training/planted.serving.ts',
    code: value('../serving/index.ts'),
    rule: room,
    says: /may not look into room "serving"/,
  },
  'contract to store': {
    file: 'libs/packaging/src/contract/planted.store.ts',
    code: type('../store/index.ts'),
    rule: room,
    says: /may not look into room "store"/,
  },
  'a room entered past its index': {
    file: 'libs/packaging/src/serving/planted.window.ts',
    code: value('../contract/facts.ts'),
    rule: room,
    says: /import its index/,
  },
  'model to Node': {
    file: 'libs/packaging/src/model/planted.files.ts',
    code: value('node:fs'),
    rule: room,
    says: /has no Node/,
  },
  'model to Node, unprefixed and for a type': {
    file: 'libs/packaging/src/model/planted.type.ts',
    code: type('fs'),
    rule: room,
    says: /has no Node/,
  },
  'features to Node': {
    file: 'libs/packaging/src/features/planted.files.ts',
    code: value('node:path'),
    rule: room,
    says: /has no Node/,
  },
  'contract to Node': {
    file: 'libs/packaging/src/contract/planted.files.ts',
    code: value('node:crypto'),
    rule: room,
    says: /has no Node/,
  },
  'a pure library to Node': {
    file: 'libs/kit/src/planted.files.ts',
    code: value('node:fs'),
    rule: room,
    says: /has no Node/,
  },
  'a pure library to a library of Node': {
    file: 'libs/onnx/src/planted.runtime.ts',
    code: value('@haat/data-access'),
    rule: boundaries,
    says: /can only depend on libs tagged with/,
  },
  'workflow to Node': {
    file: 'libs/packaging/src/workflows/planted.workflow.ts',
    code: value('node:fs'),
    rule: room,
    says: /has no Node/,
  },
  'workflow to store, a type only': {
    file: 'libs/packaging/src/workflows/planted.type.ts',
    code: type('../store/index.ts'),
    rule: room,
    says: /may not look into room "store"/,
  },
  'shared workflow to Node': {
    file: 'libs/workflows/src/planted.workflow.ts',
    code: value('node:os'),
    rule: room,
    says: /has no Node/,
  },
  'shared workflow to a Temporal worker': {
    file: 'libs/workflows/src/planted.worker.ts',
    code: value('@temporalio/worker'),
    rule: room,
    says: /may not import "@temporalio\/worker"/,
  },
  'onnxruntime-node outside model-runtime': {
    file: 'libs/training/src/planted.runtime.ts',
    code: value('onnxruntime-node'),
    rule: boundaries,
    says: /not allowed to import "onnxruntime-node"/,
  },
  'onnxruntime-node in an app': {
    file: 'apps/cli/src/planted.runtime.ts',
    code: type('onnxruntime-node'),
    rule: boundaries,
    says: /not allowed to import "onnxruntime-node"/,
  },
  'onnxruntime-node in serving': {
    file: 'libs/packaging/src/serving/planted.runtime.ts',
    code: value('onnxruntime-node'),
    rule: boundaries,
    says: /not allowed to import "onnxruntime-node"/,
  },
  'typeorm in serving': {
    file: 'libs/packaging/src/serving/planted.entity.ts',
    code: value('typeorm'),
    rule: room,
    says: /may not import "typeorm"/,
  },
  'typeorm in an app': {
    file: 'apps/packaging/src/planted.entity.ts',
    code: type('typeorm'),
    rule: boundaries,
    says: /not allowed to import "typeorm"/,
  },
  'typeorm in the platform library': {
    file: 'libs/platform/src/planted.entity.ts',
    code: value('typeorm/driver/postgres/PostgresDriver.js'),
    rule: boundaries,
    says: /not allowed to import "typeorm/,
  },
  'app to app': {
    file: 'apps/gateway/src/planted.app.ts',
    code: value('@haat/platform-app'),
    rule: boundaries,
    // An app exports nothing, so its name leads nowhere.
    says: /Only packages defined in the "package.json"/,
  },
  'app to app by a path': {
    file: 'apps/gateway/src/planted.path.ts',
    code: value('../../platform/src/main.ts'),
    rule: boundaries,
    says: /cannot be imported by a relative or absolute path/,
  },
  'library to app': {
    file: 'libs/data-access/src/planted.app.ts',
    code: value('@haat/worker-app'),
    rule: boundaries,
    says: /Only packages defined in the "package.json"/,
  },
  'library to app by a path': {
    file: 'libs/platform/src/planted.path.ts',
    code: value('../../../apps/platform/src/main.ts'),
    rule: boundaries,
    says: /cannot be imported by a relative or absolute path/,
  },
  'a package that package.json does not name': {
    file: 'libs/platform/src/planted.transitive.ts',
    code: value('undeclared-package'),
    rule: boundaries,
    says: /Only packages defined in the "package.json"/,
  },
  'an import inside a type': {
    file: 'libs/platform/src/planted.type.ts',
    code: `export type Held = import('typeorm').DataSource;\n`,
    rule: 'no-restricted-syntax',
    says: /hides from the walls/,
  },
  'a room for tests in the product': {
    file: 'apps/packaging/src/planted.testing.ts',
    code: value('@haat/data-access/testing'),
    rule: 'no-restricted-imports',
    says: /for tests/,
  },
  'a file of a domain outside every room': {
    file: 'libs/packaging/src/planted.ts',
    code: value('./model/index.ts'),
    rule: room,
    says: /may not look into room "model"/,
  },
};

/** House rules that are not about imports. */
export const plantedHabits: Readonly<Record<string, Planted>> = {
  'a file of more than 400 lines': {
    file: 'libs/kit/src/planted.long.ts',
    code: `${Array.from({ length: 401 }, (_, line) => `export const line${line} = ${line};`).join('\n')}\n`,
    rule: 'max-lines',
    says: /too many lines/,
  },
  'a file named utils': {
    file: 'libs/kit/src/string-utils.ts',
    code: 'export const held = 1;\n',
    rule: 'house/file-name',
    says: /says nothing/,
  },
  'a folder named common': {
    file: 'libs/platform/src/common/planted.ts',
    code: 'export const held = 1;\n',
    rule: 'house/file-name',
    says: /says nothing/,
  },
  any: {
    file: 'libs/kit/src/planted.any.ts',
    code: 'export const held = (given: any): number => given.length;\n',
    rule: '@typescript-eslint/no-explicit-any',
    says: /Unexpected any/,
  },
  'as never': {
    file: 'libs/kit/src/planted.never.ts',
    code: 'export const held = (given: string): number => given as never;\n',
    rule: 'no-restricted-syntax',
    says: /silences the compiler/,
  },
  'ts-ignore': {
    file: 'libs/kit/src/planted.ignore.ts',
    code: '// @ts-ignore\nexport const held: number = 1;\n',
    rule: '@typescript-eslint/ban-ts-comment',
    says: /ts-/,
  },
  'a rule switched off inline': {
    file: 'libs/kit/src/planted.disable.ts',
    code: '// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const held = (given: any): number => given.length;\n',
    rule: '@typescript-eslint/no-explicit-any',
    says: /Unexpected any/,
  },
  'a timing in a test': {
    file: 'libs/kit/src/planted.spec.ts',
    code: "it('is quick', () => {\n  const start = Date.now();\n  expect(Date.now() - start).toBeLessThan(50);\n});\n",
    rule: 'no-restricted-syntax',
    says: /Timings are never tests/,
  },
  'a test left out': {
    file: 'libs/kit/src/planted-skip.spec.ts',
    code: "it.skip('later', () => {\n  expect(1).toBe(1);\n});\n",
    rule: 'no-restricted-syntax',
    says: /Every test runs/,
  },
  'an unused variable': {
    file: 'libs/kit/src/planted.unused.ts',
    code: 'const unused = 1;\nexport const held = 2;\n',
    rule: '@typescript-eslint/no-unused-vars',
    says: /never used/,
  },
};

/** What the walls let through, so that a wall without a door is noticed too. */
export const allowed: Readonly<Record<string, Omit<Planted, 'rule' | 'says'>>> = {
  'serving to the model below it': {
    file: 'libs/packaging/src/serving/allowed.model.ts',
    code: value('../model/index.ts'),
  },
  'serving to the runtime': {
    file: 'libs/packaging/src/serving/allowed.runtime.ts',
    code: value('@haat/model-runtime'),
  },
  'model to sums, and to a moment that is given': {
    file: 'libs/packaging/src/model/allowed.moment.ts',
    code: `export const held = (asOf: Date): Date => (asOf instanceof Date ? new Date(Math.floor(Date.UTC(2026, 0) / Math.PI)) : asOf);\n`,
  },
  'serving to Node': { file: 'libs/packaging/src/serving/allowed.files.ts', code: value('node:fs') },
  'store to typeorm': { file: 'libs/packaging/src/store/allowed.entity.ts', code: value('typeorm') },
  'the runtime to onnxruntime-node': { file: 'libs/model-runtime/src/allowed.ts', code: value('onnxruntime-node') },
  'a domain workflow to Temporal': {
    file: 'libs/packaging/src/workflows/allowed.workflow.ts',
    code: value('@temporalio/workflow'),
  },
  "an app to its domain's rooms": { file: 'apps/packaging/src/allowed.ts', code: value('@haat/packaging/serving') },
  'the worker to every domain': {
    file: 'apps/worker/src/allowed.ts',
    code: `${value('@haat/packaging/training')}export { held as other } from '@haat/bazaar/contract';\n`,
  },
  'a test of a pure room to Node and to a simulator': {
    file: 'libs/packaging/src/model/allowed.spec.ts',
    code: `${value('node:fs')}export * from '@haat/simulators';\n`,
  },
};
