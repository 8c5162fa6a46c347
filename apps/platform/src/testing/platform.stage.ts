import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectDatabase, ModelRegistry } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import type { TemporalServer } from '@haat/dev-stack';
import { startScratchTemporal } from '@haat/dev-stack/testing';
import type { ModelCard } from '@haat/kit';
import { createLogger, startApp } from '@haat/platform';
import { internalTokenSecret } from '@haat/platform/testing';
import { configSchema } from '../config.ts';
import { PlatformAppModule } from '../platform.module.ts';

/** The platform app over a database and a Temporal server of its own, which no worker asks. */
export interface PlatformStage {
  /** Of the app. */
  readonly url: string;
  readonly scratch: ScratchDatabase;
  readonly temporal: TemporalServer;
  stop(): Promise<void>;
}

/** Starts the app; its registry knows the models of `cards`. */
export async function startPlatformStage(cards: readonly ModelCard[]): Promise<PlatformStage> {
  const folder = mkdtempSync(join(tmpdir(), 'haat-platform-'));
  const [scratch, temporal] = await Promise.all([startScratchDatabase(), startScratchTemporal(folder)]);
  const owner = await connectDatabase({ url: scratch.url });
  const registry = new ModelRegistry(owner);
  for (const card of cards) await registry.saveCard(card);
  await owner.close();
  const app = await startApp(
    { name: 'platform', config: configSchema, module: (config) => PlatformAppModule.with(config) },
    {
      PORT: '0',
      DATABASE_URL: scratch.urls['haat_platform'],
      TEMPORAL_ADDRESS: temporal.address,
      ARTIFACTS_URL: pathToFileURL(join(folder, 'artifacts')).href,
      INTERNAL_TOKEN_SECRET: internalTokenSecret,
    },
    createLogger('platform', 'silent'),
  );
  return {
    url: app.url,
    scratch,
    temporal,
    async stop() {
      await app.close();
      await temporal.stop();
      await scratch.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
