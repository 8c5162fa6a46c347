import { isGrpcServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { DomainError } from '@haat/kit';
import { domainErrorOf } from '../failure.mapping.ts';
import { workflowError } from '../workflows.errors.ts';

/** What a client caught about a run, as the one expected failure that it stands for. */
export function failureOf(caught: unknown, runId = ''): DomainError {
  if (caught instanceof WorkflowNotFoundError) return unknownRun(runId);
  if (isGrpcServiceError(caught)) {
    return workflowError('TEMPORAL_UNREACHABLE', `Temporal does not answer: ${caught.details}`, {}, caught);
  }
  return domainErrorOf(caught instanceof WorkflowFailedError ? caught.cause : caught);
}

export function unknownRun(runId: string): DomainError {
  return workflowError('UNKNOWN_WORKFLOW', `Temporal knows no run "${runId}"`, { runId });
}
