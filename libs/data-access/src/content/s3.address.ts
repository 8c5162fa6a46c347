import { userInfo, tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { dataAccessError } from '../data-access.errors.ts';

/** A bucket of an S3-compatible store, and how to talk to it. */
export interface S3Address {
  readonly bucket: string;
  /** Before every key; empty, or with a slash at its end. */
  readonly prefix: string;
  /** Absent: Amazon's own for the region. */
  readonly endpoint?: string | undefined;
  /** Absent: AWS_REGION. */
  readonly region?: string | undefined;
  /** Whether the bucket stands in the path and not in the host's name, as most stores outside of Amazon want it. */
  readonly forcePathStyle: boolean;
  /** Folder of the local copies that `path()` answers. */
  readonly cache: string;
  /** Bytes that the local copies may have together. */
  readonly cacheBytes: number;
  /** How long a connection may be silent, ms. */
  readonly timeoutMs: number;
}

const number = z.string().regex(/^\d+$/, 'expected a whole number').transform(Number);

const parameters = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/, error: 'expected http(s)://host:port' }).optional(),
  region: z.string().min(1).optional(),
  forcePathStyle: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  cache: z.string().startsWith('/', 'expected an absolute folder').optional(),
  cacheMiB: number.pipe(z.number().min(1)).default(2_048),
  timeoutMs: number.pipe(z.number().min(100)).default(15_000),
});

/**
 * Reads `s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true&cache=/folder&cacheMiB=2048&timeoutMs=15000`; each parameter
 * may be absent. Credentials are no part of it: they come from where AWS's own programs take them.
 * @throws CONTENT_STORE_UNUSABLE with the parameter that is wrong, never its value.
 */
export function s3Address(text: string): S3Address {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '' || url.username !== '' || url.port !== '')
    throw unusable('expected s3://bucket/prefix, without credentials');
  const read = parameters.safeParse(Object.fromEntries(url.searchParams));
  if (!read.success) {
    const [{ path, message }] = read.error.issues as [z.core.$ZodIssue];
    throw unusable(path.length > 0 ? `parameter ${path.join('.')}: ${message}` : message);
  }
  const { cache = join(tmpdir(), `haat-content-${userInfo().uid}`), cacheMiB, ...rest } = read.data;
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    ...rest,
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    cache,
    cacheBytes: cacheMiB * 1024 ** 2,
  };
}

const unusable = (why: string) =>
  dataAccessError('CONTENT_STORE_UNUSABLE', `The address of the content store is wrong: ${why}. Check ARTIFACTS_URL.`);
