import { TestEnvironment } from 'jest-environment-node';

const shared = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
];

/** Node's environment with the host's own typed arrays: native modules check for those by identity. */
export default class HostArraysEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of shared) this.global[name] = globalThis[name];
    // What a test sets in its environment is seen by its own code, and not by a native module.
    process.env.ORT_DISABLE_TELEMETRY = '1';
  }
}
