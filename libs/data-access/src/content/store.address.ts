import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { dataAccessError } from '../data-access.errors.ts';
import { directoryStore, type ContentStore } from './content.store.ts';
import { s3Address } from './s3.address.ts';
import { s3Store } from './s3.store.ts';

/**
 * The store that an address names (ARTIFACTS_URL): a directory (a path or a `file:` URL), or a bucket (`s3://bucket/prefix`,
 * see `s3Address`). Nothing is asked of it yet. @throws CONTENT_STORE_UNUSABLE for any other address.
 */
export function contentStore(url: string): ContentStore {
  if (url.startsWith('file:')) return directoryStore(fileURLToPath(url));
  if (url.startsWith('s3:')) return s3Store(s3Address(url));
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(url)) return directoryStore(resolve(url));
  throw dataAccessError(
    'CONTENT_STORE_UNUSABLE',
    `A content store is a directory, a file: URL or an s3: URL, and one of "${new URL(url).protocol}" came. Check ARTIFACTS_URL.`,
  );
}
