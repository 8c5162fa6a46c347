import { ApprovalLog, type Approval as ApprovalRecord } from '@haat/data-access';
import { loaderPerRequest } from '@haat/platform';
import { Injectable } from '@nestjs/common';

/** What lists of runs fan out to. */
@Injectable()
export class ApprovalLoaders {
  constructor(private readonly approvals: ApprovalLog) {}

  /** Id of a run -> the approval that it asked for; null where it asked for none. */
  readonly ofRun = loaderPerRequest<string, ApprovalRecord | null>(async (runIds) => {
    const found = await this.approvals.ofRuns(runIds);
    return runIds.map((id) => found.find(({ runId }) => runId === id) ?? null);
  });
}
