import { z } from 'zod';

/** The environment variables of one app: name -> zod schema, each with a description where it is declared. */
export type ConfigSchema = z.ZodObject;

/** Where an app listens and how it talks of itself. Every app has these. */
export const serverVariables = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on. Loopback unless said otherwise.'),
  PORT: z.coerce.number().int().min(0).max(65_535).describe('TCP port to listen on; 0 takes a free one.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severity that is logged.'),
  HAAT_ENV: z
    .enum(['development', 'production'])
    .default('production')
    .describe(
      'Kind of environment: only in development the schema is told. (NODE_ENV is for frameworks, and production unless said otherwise.)',
    ),
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .max(67_108_864)
    .default(1_048_576)
    .describe('Largest request body; a larger one is answered with 413 REQUEST_TOO_LARGE.'),
  RECEIVE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(30_000)
    .describe('How long a client may take to send a request, headers and body; then its connection is closed.'),
  STALL_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(120_000)
    .describe(
      'How long nothing may move on a connection before it is closed: a client that is gone without a word, or reads no more. Longer than any answer takes.',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .optional()
    .describe(
      'OpenTelemetry receiver, http://host:port; traces go to its /v1/traces (OTLP, JSON). Nothing is traced without it.',
    ),
  CODE_REVISION: z
    .string()
    .max(200)
    .optional()
    .describe('Revision of the code: told by the metrics, and kept in the lineage of what is trained.'),
  DRAIN_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3_600)
    .default(30)
    .describe('On SIGTERM: how long requests in flight may take before the process ends without them.'),
};

/** For apps that read or write PostgreSQL. */
export const databaseVariables = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'expected postgresql://user:password@host:port/database' })
    .meta({
      description:
        'PostgreSQL, as the role of this app. TLS by ?sslmode=verify-full&sslrootcert=/folder/ca.pem, and sslcert, sslkey where it asks for ours.',
      secret: true,
    }),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10).describe('Connections to PostgreSQL at the most.'),
  DATABASE_SILENCE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(15_000)
    .describe('How long a connection to PostgreSQL may be silent while a request waits for it; then it is given up.'),
};

/** For apps that start workflows or work on them. */
export const temporalVariables = {
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:/]+:\d+$/, { error: 'expected host:port' })
    .describe('Temporal server, host:port.'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace.'),
  TEMPORAL_TLS: z
    .enum(['on', 'off'])
    .default('off')
    .describe('TLS to Temporal. A CA, a certificate, a server name or an API key turns it on by itself.'),
  TEMPORAL_TLS_CA_FILE: z.string().optional().describe("Certificates (PEM) that Temporal's own must lead to."),
  TEMPORAL_TLS_CERT_FILE: z.string().optional().describe('Our certificate (PEM), where Temporal asks for one.'),
  TEMPORAL_TLS_KEY_FILE: z.string().optional().describe('The key (PEM) of our certificate.'),
  TEMPORAL_TLS_SERVER_NAME: z
    .string()
    .optional()
    .describe("Name in Temporal's certificate, where it is not that of its address."),
  TEMPORAL_API_KEY: z.string().optional().meta({ description: 'API key of the namespace.', secret: true }),
};

/** For the gateway and the subgraphs, which believe one another by it. */
export const internalTokenVariables = {
  INTERNAL_TOKEN_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= 32, { error: 'expected at least 32 bytes' })
    .meta({
      description: 'What the gateway signs with that it asks a subgraph, at least 32 bytes; the same for all of them.',
      secret: true,
    }),
};

/** For apps that read or write model artifacts. */
export const artifactVariables = {
  ARTIFACTS_URL: z
    .url({ protocol: /^(file|s3)$/, error: 'expected a file:///absolute/folder or s3://bucket/prefix URL' })
    .describe(
      "Content-addressed store of artifacts and snapshots: file:///absolute/folder, or s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true&cache=/folder&cacheMiB=2048&timeoutMs=15000 with the credentials that AWS's programs take (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).",
    ),
};

/** One line for each variable that is wrong or missing: its name, what was expected, its description. Never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not complete:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

/**
 * The configuration of an app from the environment. An empty variable counts as not set.
 * @throws ConfigError with one problem a variable.
 */
export function readConfig<S extends ConfigSchema>(schema: S, env: NodeJS.ProcessEnv): z.output<S> {
  const set = Object.fromEntries(Object.keys(schema.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const described = new Map(describeConfig(schema).map((variable) => [variable.name, variable]));
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const why = name in set ? issue.message : 'not set';
      return `${name}: ${why}. ${described.get(name)?.description ?? ''}`.trim();
    }),
  );
}

/** One variable as `docs/configuration.md` shows it. */
export interface ConfigVariable {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** Default as text; null where there is none. */
  readonly default: string | null;
  /** Accepted values or range, for people; empty where anything goes. */
  readonly accepts: string;
  readonly secret: boolean;
}

/** What a schema declares, in its order. Throws where a variable has no description. */
export function describeConfig(schema: ConfigSchema): readonly ConfigVariable[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const required = new Set(json.required ?? []);
  return Object.entries(json.properties ?? {}).map(([name, property]) => {
    const spec = property as z.core.JSONSchema.BaseSchema & { secret?: boolean };
    if (!spec.description) throw new Error(`${name} has no description: declare it with .describe(…)`);
    return {
      name,
      description: spec.description,
      required: required.has(name) && spec.default === undefined,
      default: spec.default === undefined ? null : String(spec.default),
      accepts: accepted(spec),
      secret: spec.secret ?? false,
    };
  });
}

function accepted(spec: z.core.JSONSchema.BaseSchema): string {
  if (spec.enum) return spec.enum.map(String).join(' | ');
  if (spec.minimum !== undefined && spec.maximum !== undefined) return `${spec.minimum} to ${spec.maximum}`;
  return '';
}
