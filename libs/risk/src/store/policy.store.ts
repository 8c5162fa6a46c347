import type { Database } from '@haat/data-access';
import { HAAT } from '@haat/kit';
import { riskRecordError, type PlannedPolicies, type PolicyOutcome } from '../contract/index.ts';

/** Simulations that are kept, beside those whose runs are not finished; older ones go when a new one comes. */
const KEPT = 100;

interface SimulationRow {
  readonly run: string;
  readonly model: string;
  readonly model_version: number;
  readonly model_digest: string;
  readonly options: PlannedPolicies['options'];
  readonly parameters: PlannedPolicies['parameters'];
  readonly seed: string;
  readonly seeds: number;
}

interface OutcomeRow {
  readonly policy: string;
  readonly seed: string;
  readonly infected: number;
  readonly quarantine_days: string;
  readonly tests: string;
  readonly positive: string;
}

/** Simulations of policies, and what came of them, run by run. */
export class PolicyStore {
  constructor(private readonly database: Pick<Database, 'pool'>) {}

  /** Keeps what a simulation is to do, and answers what is kept: of two calls for one run the first counts. */
  async plan({ run, ref, parameters, options, seed, seeds }: PlannedPolicies): Promise<PlannedPolicies> {
    await this.database.pool.query(
      `insert into risk.policy_simulation (run, model, model_version, model_digest, options, parameters, seed, seeds)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (run) do nothing`,
      [run, ref.model, ref.version, ref.digest, JSON.stringify(options), JSON.stringify(parameters), seed, seeds],
    );
    await this.database.pool.query(
      `delete from risk.policy_simulation simulation
       where run not in (select run from risk.policy_simulation order by created_at desc limit $1)
         and not exists (select from platform.run where id = simulation.run and finished_at is null)`,
      [KEPT],
    );
    return this.planned(run);
  }

  /** @throws UNKNOWN_SIMULATION */
  async planned(run: string): Promise<PlannedPolicies> {
    const { rows } = await this.database.pool.query<SimulationRow>(
      'select run, model, model_version, model_digest, options, parameters, seed, seeds from risk.policy_simulation where run = $1',
      [run],
    );
    const [row] = rows;
    if (row === undefined) {
      const again = `start it again with another key (idempotencyKey, or --key of ${HAAT} simulate-policy)`;
      throw riskRecordError(
        'UNKNOWN_SIMULATION',
        `No simulation of policies is kept of the run "${run}". Where the run has just begun, ask again when its step "plan" is done; where it is older than the newest ${KEPT}, which are kept, ${again}`,
        { run, kept: KEPT },
      );
    }
    const { model, model_version: version, model_digest: digest, options, parameters, seeds } = row;
    return { run, ref: { model, version, digest }, options, parameters, seed: Number(row.seed), seeds };
  }

  /** Keeps what came of one policy in one outbreak; a second time it changes nothing. */
  async keep(run: string, { policy, seed, infected, quarantineDays, tests, positive }: PolicyOutcome): Promise<void> {
    await this.database.pool.query(
      `insert into risk.policy_outcome (run, policy, seed, infected, quarantine_days, tests, positive)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [run, policy, seed, infected, quarantineDays, tests, positive],
    );
  }

  /** What came of a simulation up to now, or of one seed of it; by seed, in each in the order in which its policies are named. */
  async outcomes({ run, options }: Pick<PlannedPolicies, 'run' | 'options'>, seed?: number): Promise<PolicyOutcome[]> {
    const { rows } = await this.database.pool.query<OutcomeRow>(
      `select policy, seed, infected, quarantine_days, tests, positive from risk.policy_outcome
       where run = $1 and ($2::bigint is null or seed = $2) order by seed, array_position($3::text[], policy)`,
      [run, seed ?? null, (options['policies'] as readonly { readonly name: string }[]).map(({ name }) => name)],
    );
    return rows.map((row) => ({
      policy: row.policy,
      seed: Number(row.seed),
      infected: row.infected,
      quarantineDays: Number(row.quarantine_days),
      tests: Number(row.tests),
      positive: Number(row.positive),
    }));
  }

  /** How many runs of policies there are results of. */
  async done(run: string): Promise<number> {
    const { rows } = await this.database.pool.query<{ done: string }>(
      'select count(*) as done from risk.policy_outcome where run = $1',
      [run],
    );
    return Number(rows[0]!.done);
  }
}
