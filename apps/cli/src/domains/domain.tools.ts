import type {
  Database,
  FolderImportSummary,
  FolderTables,
  ImportProgress,
  MigrationSet,
  TableFormat,
} from '@haat/data-access';
import type { Home } from '@haat/dev-stack';
import type { OpenArtifact, ProvenArtifact } from '@haat/model-runtime';
import type { Trainer } from '@haat/training';
import type { Command } from 'commander';
import type { z } from 'zod';

import type { CliContext } from '../cli.context.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';
import type { JsonlPredictor } from '../local/jsonl.predictor.ts';
import type { LocalModel } from '../local/local.model.ts';
import type { Rejects } from '../output/rejects.text.ts';
import type { StepVoice } from '../stack/steps.ts';

/** What the command line knows of one domain. Each part is loaded by the command that needs it, for its libraries take long to load. */
export interface DomainTools {
  /** The domain's schema of the database. */
  readonly migrations: () => Promise<MigrationSet>;
  /** How a folder of files gets into its tables. */
  readonly imports: () => Promise<DomainImport>;
  /** How its tables get into a folder of files; absent where facts do not leave. */
  readonly exports?: () => Promise<DomainExport>;
  /** `haat simulate <domain>`: adds the command, with the options of this world, below `simulate`. */
  readonly simulation?: () => Promise<(simulate: Command, context: CliContext) => void>;
  /** Its models by their names, `domain/model`. */
  readonly models: Readonly<Record<string, () => Promise<ModelTools>>>;
  /** What a demo makes and shows of it. */
  readonly demo: () => Promise<DomainDemo>;
}

export interface ImportOptions {
  readonly mapping?: string;
  readonly dryRun?: boolean;
  readonly rejectsDirectory?: string;
  readonly chunkRecords?: number;
  readonly onProgress: (progress: ImportProgress) => void;
}

export interface DomainImport {
  /** The tables that a folder may hold. */
  readonly folder: FolderTables;
  /** Reads the mapping and imports. */
  importFolder(database: Database, directory: string, options: ImportOptions): Promise<FolderImportSummary>;
  /** Lines about what is the domain's own in the summary. */
  notes(summary: FolderImportSummary): readonly string[];
}

export interface DomainExport {
  /** The files that an export writes. */
  files(directory: string, format: TableFormat): readonly string[];
  exportFolder(
    database: Database,
    directory: string,
    options: { readonly format: TableFormat; readonly asOf: Date },
  ): Promise<readonly { readonly file: string; readonly rows: number }[]>;
}

/** What goes into a model and comes out of it. */
export interface ModelShapes {
  /** Rows of the files that it learns from, by the name of the file. */
  readonly files: Readonly<Record<string, z.ZodType>>;
  /** Fields of a line that `haat predict --local` reads, besides its id. */
  readonly input: z.ZodRawShape;
  /** Fields of a line that it writes, besides the id. */
  readonly output: z.ZodRawShape;
  /** Lines that other commands write, by their name. */
  readonly others: Readonly<Record<string, z.ZodType>>;
}

/** What the command line knows of one model, for files with nothing running and for rows through the gateway. */
export interface ModelTools<Open extends ProvenArtifact = ProvenArtifact, Source extends Rejects = Rejects> {
  readonly trainer: Trainer;
  readonly open: OpenArtifact<Open>;
  readonly shapes: ModelShapes;
  /** The facts in a folder of files, their columns named by a mapping where they have other names. */
  source(directory: string, mapping: string | undefined): Promise<Source>;
  /** Refuses facts that an artifact cannot be judged by, because they are of another world than it learned. */
  requireFit(
    artifact: { readonly file: string; readonly open: Open },
    facts: { readonly data: string; readonly source: Source },
    asOf: Date,
  ): Promise<void>;
  /** Answers rows by an artifact. */
  answering(model: LocalModel<Open>): JsonlPredictor;
  /** Answers rows through the gateway. */
  asking(gateway: GatewayClient): JsonlPredictor;
  /** Simulations of policies, where the domain has worlds for them. */
  readonly policies?: PolicyTools;
}

/** A mean over seeds and half the width of its 95 % interval; infinite of a single seed. */
export interface PolicyMean {
  readonly mean: number;
  readonly halfWidth: number;
}

interface PolicyFigures {
  readonly policy: string;
  readonly seeds: number;
  readonly infected: PolicyMean;
  readonly quarantineDays: PolicyMean;
}

/** What policies come to. */
export interface PolicyReport {
  /** The run of the platform; null where it was simulated here. */
  readonly runId: string | null;
  readonly persons: number;
  readonly days: number;
  readonly capacity: number;
  readonly seeds: number;
  readonly policies: readonly (PolicyFigures & { readonly tests: PolicyMean })[];
  /** The policy that was named first, and every other one less it. */
  readonly from: string;
  readonly differences: readonly PolicyFigures[];
}

export interface PolicyTools {
  /** Simulates here. */
  simulate(
    wish: {
      readonly parameters: string | undefined;
      readonly outcomes: string | undefined;
      readonly option: Readonly<Record<string, unknown>>;
      readonly seed: number;
      readonly seeds: number;
      readonly threads: number;
    },
    onProgress: (fraction: number, message: string) => void,
  ): Promise<PolicyReport>;
  /** What came of a run of the platform. */
  ask(gateway: GatewayClient, runId: string): Promise<PolicyReport>;
  /** A specification of Vega-Lite. */
  chart(report: PolicyReport): object;
}

export interface DemoOptions {
  readonly products: number;
  readonly seed: number;
}

/** One question that the demo asks. */
export interface DemoQuestion {
  readonly title: string;
  readonly query: string;
}

export interface DomainDemo {
  /** Makes the domain's world and loads it, unless it is there already; an interrupted load goes on where it stopped. */
  load(home: Home, databaseUrl: string, options: DemoOptions, voice: StepVoice): Promise<void>;
  /** The model that is trained and promoted. */
  readonly model: string;
  /** Options of its training, where those of the model are not of this world. */
  readonly training?: Readonly<Record<string, unknown>>;
  /** What has to be computed before the questions can be answered, where serving does not compute it. */
  compute?(gateway: GatewayClient, voice: StepVoice, signal: AbortSignal): Promise<void>;
  readonly questions: readonly DemoQuestion[];
}
