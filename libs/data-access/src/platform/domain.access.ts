/**
 * SQL that lets a domain's two roles into the platform's tables: its app reads models and writes predictions, its task also
 * registers versions and keeps runs and imports; both only of their own domain (row-level security on the model's name).
 */
export function domainAccess(domain: string): string[] {
  const app = `haat_${domain}`;
  const task = `haat_${domain}_task`;
  const own = `split_part(model, '/', 1) = '${domain}'`;
  const policy = (table: string, command: string, roles: string, check: 'using' | 'with check', condition: string) =>
    `create policy ${domain}_${table}_${command} on platform.${table} for ${command} to ${roles} ${check} (${condition})`;
  const writes = (table: string, condition: string) => [
    `grant select, insert, update on platform.${table} to ${task}`,
    policy(table, 'insert', task, 'with check', condition),
    `create policy ${domain}_${table}_update on platform.${table} for update to ${task} using (${condition}) with check (${condition})`,
  ];
  return [
    `grant usage on schema platform to ${app}, ${task}`,
    `grant select on platform.model, platform.model_version, platform.model_alias, platform.run, platform.data_revision, platform.import_progress to ${app}, ${task}`,
    `grant select, insert on platform.prediction to ${app}, ${task}`,
    `grant execute on function platform.make_prediction_partitions(date, integer) to ${app}, ${task}`,
    policy('prediction', 'select', `${app}, ${task}`, 'using', own),
    policy('prediction', 'insert', `${app}, ${task}`, 'with check', own),
    ...writes('model', `split_part(name, '/', 1) = '${domain}'`),
    ...writes('model_version', own),
    ...writes('model_alias', own),
    ...writes('run', own),
    ...writes('data_revision', `domain = '${domain}'`),
    ...writes('import_progress', `domain = '${domain}'`),
  ];
}

/** SQL that takes back what `domainAccess` gave. */
export function revokeDomainAccess(domain: string): string[] {
  const roles = [`haat_${domain}`, `haat_${domain}_task`];
  const policies: readonly [table: string, commands: readonly string[]][] = [
    ['prediction', ['select', 'insert']],
    ['model', ['insert', 'update']],
    ['model_version', ['insert', 'update']],
    ['model_alias', ['insert', 'update']],
    ['run', ['insert', 'update']],
    ['data_revision', ['insert', 'update']],
    ['import_progress', ['insert', 'update']],
  ];
  return [
    ...policies.flatMap(([table, commands]) =>
      commands.map((command) => `drop policy ${domain}_${table}_${command} on platform.${table}`),
    ),
    `revoke all on all tables in schema platform from ${roles.join(', ')}`,
    `revoke all on function platform.make_prediction_partitions(date, integer) from ${roles.join(', ')}`,
    `revoke usage on schema platform from ${roles.join(', ')}`,
  ];
}

/** SQL that lets a domain's task write down what it did, in its own name only. */
export function auditAccess(domain: string): string[] {
  return [
    `grant insert on platform.audit to haat_${domain}_task`,
    `create policy ${domain}_audit_insert on platform.audit for insert to haat_${domain}_task with check (domain = '${domain}')`,
  ];
}

/** SQL that takes back what `auditAccess` gave. */
export function revokeAuditAccess(domain: string): string[] {
  return [
    `drop policy ${domain}_audit_insert on platform.audit`,
    `revoke insert on platform.audit from haat_${domain}_task`,
  ];
}

/** SQL that lets a domain's app raise the revision of its data: what it promotes, later answers are made from. */
export function revisionAccess(domain: string): string[] {
  const own = `domain = '${domain}'`;
  return [
    `grant insert, update on platform.data_revision to haat_${domain}`,
    `create policy ${domain}_app_revision_insert on platform.data_revision for insert to haat_${domain} with check (${own})`,
    `create policy ${domain}_app_revision_update on platform.data_revision for update to haat_${domain} using (${own}) with check (${own})`,
  ];
}

/** SQL that takes back what `revisionAccess` gave. */
export function revokeRevisionAccess(domain: string): string[] {
  return [
    ...['insert', 'update'].map((command) => `drop policy ${domain}_app_revision_${command} on platform.data_revision`),
    `revoke insert, update on platform.data_revision from haat_${domain}`,
  ];
}

/** SQL that lets a domain's task keep the drift profiles of its own models. */
export function driftAccess(domain: string): string[] {
  const own = `split_part(model, '/', 1) = '${domain}'`;
  return [
    `grant select, insert, update on platform.drift_profile to haat_${domain}_task`,
    `create policy ${domain}_drift on platform.drift_profile to haat_${domain}_task using (${own}) with check (${own})`,
  ];
}

/** SQL that takes back what `driftAccess` gave. */
export function revokeDriftAccess(domain: string): string[] {
  return [
    `drop policy ${domain}_drift on platform.drift_profile`,
    `revoke select, insert, update on platform.drift_profile from haat_${domain}_task`,
  ];
}

/**
 * SQL that lets a domain's task hold what its runs store, ask for approvals and change aliases, and its app count how its
 * shadows differ; both only of their own models.
 */
export function registryAccess(domain: string): string[] {
  const own = `split_part(model, '/', 1) = '${domain}'`;
  return registryTables(domain).flatMap(([table, role, commands]) => [
    `grant select, ${commands.join(', ')} on platform.${table} to ${role}`,
    ...commands.map((command) =>
      command === 'insert'
        ? `create policy ${domain}_${table}_insert on platform.${table} for insert to ${role} with check (${own})`
        : `create policy ${domain}_${table}_update on platform.${table} for update to ${role} using (${own}) with check (${own})`,
    ),
  ]);
}

/** SQL that takes back what `registryAccess` gave. */
export function revokeRegistryAccess(domain: string): string[] {
  return registryTables(domain).flatMap(([table, role, commands]) => [
    ...commands.map((command) => `drop policy ${domain}_${table}_${command} on platform.${table}`),
    `revoke all on platform.${table} from ${role}`,
  ]);
}

function registryTables(
  domain: string,
): readonly [table: string, role: string, commands: readonly ('insert' | 'update')[]][] {
  const [app, task] = [`haat_${domain}`, `haat_${domain}_task`];
  return [
    ['alias_change', task, ['insert']],
    ['approval', task, ['insert', 'update']],
    ['content_hold', task, ['insert']],
    ['shadow_day', app, ['insert', 'update']],
  ];
}

/** SQL that lets a domain's app say what it answers with, for its own models. */
export function servingAccess(domain: string): string[] {
  const own = `split_part(model, '/', 1) = '${domain}'`;
  return [
    `grant select, insert, update, delete on platform.served_alias to haat_${domain}`,
    `create policy ${domain}_served_alias on platform.served_alias to haat_${domain} using (${own}) with check (${own})`,
  ];
}

/** SQL that takes back what `servingAccess` gave. */
export function revokeServingAccess(domain: string): string[] {
  return [
    `drop policy ${domain}_served_alias on platform.served_alias`,
    `revoke all on platform.served_alias from haat_${domain}`,
  ];
}
