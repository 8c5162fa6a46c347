import { isDomainError, type DomainError } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';

interface S3Thrown {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The status that the store answered with; undefined where no answer came. */
export function statusOf(thrown: unknown): number | undefined {
  return (thrown as S3Thrown | null)?.$metadata?.httpStatusCode;
}

/**
 * What the S3 client threw, as ours: refused (credentials, rights, no such bucket), or not answering, which time may mend. The
 * name of the failure is told and never its text, which holds hosts and keys; the cause has it.
 */
export function s3Failure(bucket: string, thrown: unknown): DomainError {
  if (isDomainError(thrown)) return thrown;
  const { name = 'Error' } = thrown as S3Thrown;
  const status = statusOf(thrown);
  if (name === 'CredentialsProviderError' || (status !== undefined && refused.has(status) && !broken.has(name))) {
    return dataAccessError(
      'CONTENT_STORE_REFUSED',
      `The content store does not let us use the bucket ${bucket} (${name}). Check ARTIFACTS_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
      { bucket },
      thrown,
    );
  }
  return dataAccessError(
    'CONTENT_STORE_UNREACHABLE',
    `The content store does not answer for the bucket ${bucket} (${status === undefined ? name : `${name}, ${status}`}); ask again`,
    { bucket },
    thrown,
  );
}

const refused = new Set([301, 400, 401, 403, 404, 405]);
/** What a store says of bytes that came otherwise than they were sent. */
const broken = new Set(['BadDigest', 'IncompleteBody', 'InvalidDigest', 'RequestTimeout', 'XAmzContentSHA256Mismatch']);
