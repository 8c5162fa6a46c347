import { dirname, join } from 'node:path';
import type { Blame, ErrorDetails } from '@haat/kit';
import type { SnapshotRef } from '@haat/workflows';
import type { FitProgress } from '../trainer.ts';

/** One fit, as the child process needs to know it. Plain JSON. */
export interface FitJob {
  /** URL of a module that exports the model's trainer. */
  readonly trainersModule: string;
  /** `domain/model`. */
  readonly model: string;
  readonly snapshotFile: string;
  readonly snapshot: SnapshotRef;
  readonly seed: number;
  /** The model's own options, checked against its definition in the child. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A checkpoint that the fit goes on from. */
  readonly checkpointFile?: string;
}

/** What the parent sends first. */
export interface FitOrder extends FitJob {
  /** Where the artifact goes: into a folder that is this fit's own. */
  readonly artifactFile: string;
}

/** Asks the fit to end at its next step, with a checkpoint. */
export interface StopOrder {
  readonly kind: 'stop';
}

/** Where in its folder a fit leaves its newest checkpoint. */
export function checkpointBeside({ artifactFile }: FitOrder): string {
  return join(dirname(artifactFile), 'checkpoint');
}

/** A part of the fit that is over, in ms since the epoch by the clock that both processes have. */
export interface FitPart {
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

/** What the child says. Nothing more comes after `done`, `stopped` or `failed`. */
export type FitReport =
  | ({ readonly kind: 'progress' } & FitProgress)
  | ({ readonly kind: 'part' } & FitPart)
  /** There is a new checkpoint. */
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'done' }
  /** It ended because it was asked to. */
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly blame: Blame;
      readonly message: string;
      readonly details: ErrorDetails;
    };
