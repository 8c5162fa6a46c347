import { domainOf } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';
import { inTransaction, type Database } from '../database/database.connection.ts';
import { AuditTrail } from './audit.trail.ts';
import type { Deed } from './model.lifecycle.ts';

export type ApprovalState = 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled';

/** Whether what a run trained may be promoted: asked of people, answered once. */
export interface Approval {
  readonly runId: string;
  readonly model: string;
  readonly version: number;
  readonly state: ApprovalState;
  /** Until when somebody may answer. */
  readonly deadline: Date;
  /** Who answered; null while nobody has. */
  readonly actor: string | null;
  readonly origin: string | null;
  readonly reason: string | null;
  readonly decidedAt: Date | null;
}

const columns = `run_id as "runId", model, version, state, deadline, actor, origin, reason, decided_at as "decidedAt"`;

/**
 * Promotions that wait for people. The row arbitrates: whatever comes at once (two operators, a decision and the deadline),
 * the first to change it from `waiting` counts.
 */
export class ApprovalLog {
  constructor(private readonly database: Database) {}

  /** Asks; asking again for the same run changes nothing. */
  async ask(
    { runId, model, version }: Pick<Approval, 'runId' | 'model' | 'version'>,
    hours: number,
  ): Promise<Approval> {
    await this.database.pool.query(
      `insert into platform.approval (run_id, model, version, state, deadline)
       values ($1, $2, $3, 'waiting', now() + make_interval(secs => $4)) on conflict (run_id) do nothing`,
      [runId, model, version, hours * 3_600],
    );
    return this.#read(runId);
  }

  /**
   * An operator's answer, with its entry in the audit trail. The same answer again changes nothing.
   * @throws NOT_AWAITING_APPROVAL, ALREADY_DECIDED
   */
  async decide(runId: string, state: 'approved' | 'rejected', deed: Deed): Promise<Approval> {
    return inTransaction(this.database, async (client) => {
      const { rows } = await client.query<Approval>(
        `update platform.approval set state = $2, actor = $3, origin = $4, reason = $5, decided_at = now()
         where run_id = $1 and state = 'waiting' and deadline > now() returning ${columns}`,
        [runId, state, deed.actor.subject, deed.actor.origin, deed.reason ?? null],
      );
      const decided = rows[0];
      if (decided === undefined) return this.#decidedBefore(runId, state);
      const { model, version } = decided;
      const action = state === 'approved' ? 'promotion.approve' : 'promotion.reject';
      const entry = { subject: `${model}@${version}`, domain: domainOf(model), details: { ...deed.details, runId } };
      await new AuditTrail(this.database).record({ ...deed, ...entry, action }, client);
      return decided;
    });
  }

  /** Ends the waiting when its time is over, unless somebody has answered; the answer that counts. */
  async close(runId: string): Promise<Approval> {
    await this.#end(runId, 'expired');
    return this.#read(runId);
  }

  /** Ends the waiting of a run that ends itself; nothing where it does not wait. */
  cancel(runId: string): Promise<void> {
    return this.#end(runId, 'cancelled');
  }

  /** The approvals of these runs, in any order; none for a run that asked for none. */
  async ofRuns(runIds: readonly string[]): Promise<Approval[]> {
    const { rows } = await this.database.pool.query<Approval>(
      `select ${columns} from platform.approval where run_id = any($1)`,
      [runIds],
    );
    return rows;
  }

  async #end(runId: string, state: 'expired' | 'cancelled'): Promise<void> {
    await this.database.pool.query(
      `update platform.approval set state = $2, decided_at = now() where run_id = $1 and state = 'waiting'`,
      [runId, state],
    );
  }

  async #read(runId: string): Promise<Approval> {
    const [found] = await this.ofRuns([runId]);
    if (found !== undefined) return found;
    throw dataAccessError('NOT_AWAITING_APPROVAL', `Run "${runId}" does not wait for an approval`, { run: runId });
  }

  /** @throws NOT_AWAITING_APPROVAL, ALREADY_DECIDED unless it was decided in the same way */
  async #decidedBefore(runId: string, state: ApprovalState): Promise<Approval> {
    const before = await this.#read(runId);
    if (before.state === state) return before;
    const details = { run: runId, state: before.state };
    const { actor, deadline } = before;
    if (before.state === 'approved' || before.state === 'rejected') {
      throw dataAccessError('ALREADY_DECIDED', `Run "${runId}" was ${before.state} by ${actor} before`, details);
    }
    throw dataAccessError(
      'NOT_AWAITING_APPROVAL',
      `Run "${runId}" does not wait for an approval any more: ${before.state === 'cancelled' ? 'it was cancelled' : `its time ended at ${deadline.toISOString()}`}`,
      details,
    );
  }
}
