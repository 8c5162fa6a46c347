import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys by which programs ask the gateway. Of the secret only its digest is kept; what a key may is never changed. */
export class ApiKey1760001000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table platform.api_key');
  }
}

const statements = [
  `create table platform.api_key (
    id text primary key check (id ~ '^[0-9a-f]{16}$'),
    name text not null check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
    secret_hash text not null check (secret_hash ~ '^[0-9a-f]{64}$'),
    role text not null check (role in ('reader', 'operator', 'admin')),
    scopes text[] not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null check (expires_at > created_at),
    revoked_at timestamptz,
    last_used_at timestamptz
  )`,
  'create index api_key_newest on platform.api_key (created_at desc, id desc)',
  'alter table platform.api_key enable row level security',
  'grant select, insert on platform.api_key to haat_platform',
  'grant update (revoked_at, last_used_at) on platform.api_key to haat_platform',
  'create policy platform_all on platform.api_key to haat_platform using (true) with check (true)',
];
