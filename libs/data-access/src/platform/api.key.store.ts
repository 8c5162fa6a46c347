import { createHash, randomBytes } from 'node:crypto';

import { apiKeyText, type Actor, type Role } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';
import type { Database } from '../database/database.connection.ts';
import { AuditTrail } from './audit.trail.ts';

/** A key without its secret, which nobody can read again. */
export interface ApiKey {
  /** 16 hex digits, the part of the key that is no secret. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly string[];
  /** Subject of who made it. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
}

export type NewApiKey = Pick<ApiKey, 'name' | 'role' | 'scopes' | 'expiresAt'>;

const SECRET_BYTES = 32;
const ID_BYTES = 8;
const columns = `id, name, role, scopes, created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt",
  revoked_at as "revokedAt", last_used_at as "lastUsedAt"`;

/** The id of a key, and the SHA-256 of its secret, hex. */
export interface PresentedKey {
  readonly id: string;
  readonly secretHash: string;
}

/** The keys by which programs ask the gateway. Making and revoking one is written to the audit trail with it. */
export class ApiKeyStore {
  readonly #audit: AuditTrail;

  constructor(private readonly database: Pick<Database, 'pool'>) {
    this.#audit = new AuditTrail(database);
  }

  /** Makes a key; `secret` is the whole of it, as its owner sends it, and is told here only. */
  create({ name, role, scopes, expiresAt }: NewApiKey, by: Actor): Promise<{ key: ApiKey; secret: string }> {
    const id = randomBytes(ID_BYTES).toString('hex');
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    return this.#changing(by, 'key.create', { role, scopes, expiresAt: expiresAt.toISOString() }, async (client) => {
      const { rows } = await client.query<ApiKey>(
        `insert into platform.api_key (id, name, secret_hash, role, scopes, created_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
        [id, name, digestOf(secret), role, scopes, by.subject, expiresAt],
      );
      return { key: rows[0]!, secret: apiKeyText({ id, secret }) };
    });
  }

  /** Ends a key. One that is revoked stays as it is, and no second entry is written. @throws UNKNOWN_KEY */
  async revoke(id: string, by: Actor): Promise<ApiKey> {
    const revoked = await this.#changing(by, 'key.revoke', {}, async (client) => {
      const { rows } = await client.query<ApiKey>(
        `update platform.api_key set revoked_at = now() where id = $1 and revoked_at is null returning ${columns}`,
        [id],
      );
      return rows[0] === undefined ? null : { key: rows[0] };
    });
    if (revoked !== null) return revoked.key;
    const { rows } = await this.database.pool.query<ApiKey>(`select ${columns} from platform.api_key where id = $1`, [
      id,
    ]);
    if (rows[0] !== undefined) return rows[0];
    throw dataAccessError('UNKNOWN_KEY', `There is no key "${id}"`, { field: 'id', id });
  }

  /** Keys, newest first; older than `before`, where given. */
  async page(first: number, before?: Pick<ApiKey, 'createdAt' | 'id'>): Promise<ApiKey[]> {
    const { rows } = await this.database.pool.query<ApiKey>(
      `select ${columns} from platform.api_key
       where $2::timestamptz is null or (date_trunc('milliseconds', created_at), id) < ($2, $3)
       order by date_trunc('milliseconds', created_at) desc, id desc limit $1`,
      [first, before?.createdAt ?? null, before?.id ?? null],
    );
    return rows;
  }

  /** The key that is presented; null where there is none, its secret is another, or it is revoked or expired. Notes the use. */
  async use({ id, secretHash }: PresentedKey): Promise<ApiKey | null> {
    const { rows } = await this.database.pool.query<ApiKey>(
      `with good as (
         select * from platform.api_key where id = $1 and secret_hash = $2 and revoked_at is null and expires_at > now()
       ), noted as (
         update platform.api_key set last_used_at = now()
         where id = (select id from good where last_used_at is null or last_used_at < now() - interval '1 minute')
       ) select ${columns} from good`,
      [id, secretHash],
    );
    return rows[0] ?? null;
  }

  /** A change and its entry in the audit trail, both or none; none where nothing was changed. */
  async #changing<T extends { readonly key: ApiKey } | null>(
    actor: Actor,
    action: string,
    details: Readonly<Record<string, unknown>>,
    change: (client: Pick<Database['pool'], 'query'>) => Promise<T>,
  ): Promise<T> {
    const client = await this.database.pool.connect();
    try {
      await client.query('begin');
      const changed = await change(client);
      if (changed !== null) {
        const { name, id } = changed.key;
        await this.#audit.record({ actor, action, subject: `${name}/${id}`, domain: 'platform', details }, client);
      }
      await client.query('commit');
      client.release();
      return changed;
    } catch (reason) {
      client.release(true);
      throw reason;
    }
  }
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
