import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { errorsOf, type DomainError } from '@haat/kit';
import { applicationFailureOf, domainErrorOf, withTypedFailures } from './failure.mapping.ts';

const toyError = errorsOf({ BAD_INPUT: 'caller', TRY_LATER: 'retry', BROKEN: 'fault' });

const inActivity = (cause: Error) =>
  new ActivityFailure('Activity task failed', 'fit', '1', RetryState.MAXIMUM_ATTEMPTS_REACHED, 'worker', cause);

describe('failures between activities, workflows and clients', () => {
  it.each([
    ['BAD_INPUT', true],
    ['TRY_LATER', false],
    ['BROKEN', true],
  ] as const)('sends %s as its type, not retried: %s', (code, nonRetryable) => {
    const failure = applicationFailureOf(toyError(code, 'what happened', { field: 'x' })) as ApplicationFailure;
    expect(failure).toMatchObject({ type: code, message: 'what happened', nonRetryable });
  });

  it('gives back the very error that an activity threw', () => {
    const thrown = toyError('BAD_INPUT', 'field x: expected 1, got 2', { field: 'x' });
    const caught: DomainError = domainErrorOf(inActivity(applicationFailureOf(thrown) as Error));
    expect({ ...caught, message: caught.message }).toEqual({ ...thrown, message: thrown.message });
  });

  it.each([
    ['a cancel', inActivity(new CancelledFailure('cancelled')), 'RUN_CANCELLED'],
    ['a cancelled workflow', new CancelledFailure('cancelled'), 'RUN_CANCELLED'],
    ['a termination', new TerminatedFailure('by hand'), 'RUN_TERMINATED'],
    ['silence', inActivity(new TimeoutFailure('late', undefined, TimeoutType.HEARTBEAT)), 'STEP_TIMED_OUT'],
    ['a bug', inActivity(ApplicationFailure.create({ type: 'TypeError', message: '10.0.0.7 refused' })), 'STEP_FAILED'],
    ['anything else', 'a string', 'STEP_FAILED'],
  ])('names %s %#', (_what, caught, code) => {
    const error = domainErrorOf(caught);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('10.0.0.7');
  });

  it('names the step that failed', () => {
    expect(domainErrorOf(inActivity(new Error('x'))).message).toContain('Step "fit"');
  });

  it('lets what is not ours pass, so that it is tried again', async () => {
    const lost = new Error('connection lost');
    const activities = withTypedFailures({
      lose: () => Promise.reject(lost),
      refuse: () => Promise.reject(toyError('BAD_INPUT', 'no')),
      answer: (call: number) => Promise.resolve(call + 1),
    });
    await expect(activities.lose()).rejects.toBe(lost);
    await expect(activities.refuse()).rejects.toMatchObject({ type: 'BAD_INPUT', nonRetryable: true });
    await expect(activities.answer(1)).resolves.toBe(2);
  });
});
