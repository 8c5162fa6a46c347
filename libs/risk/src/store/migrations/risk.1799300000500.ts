import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Policies of a simulation are a list with names, no object by name. */
export class Risk1799300000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      withPolicies(
        'object',
        `select json_agg(jsonb_build_object('name', key) || value::jsonb) from json_each(o.value)`,
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      withPolicies(
        'array',
        `select json_object_agg(value ->> 'name', value::jsonb - 'name') from json_array_elements(o.value)`,
      ),
    );
  }
}

/** Writes the policies of all simulations that hold them in a form anew; whatever else the options say stays, in its order. */
function withPolicies(form: 'object' | 'array', policies: string): string {
  return `update risk.policy_simulation set options = (
    select json_object_agg(o.key, case o.key when 'policies' then (${policies}) else o.value end) from json_each(options) o
  ) where json_typeof(options -> 'policies') = '${form}'`;
}
