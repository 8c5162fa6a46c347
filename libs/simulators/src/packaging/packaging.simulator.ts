import type { PackagingWorld, PackagingWorldOptions } from './packaging.world.ts';

/** Makes a seeded world of products, packages and a biased shipment history (research 3). */
export function simulatePackaging(options: PackagingWorldOptions): PackagingWorld {
  throw new Error(`not built yet: ${options.seed}`);
}
