import { errorsOf } from '@haat/kit';
import { faceOf } from './error.face.ts';
import { createLogger } from './logger.ts';

const logger = createLogger('face', 'silent');
const someError = errorsOf({ WRONG: 'caller', BUSY: 'retry', BROKEN: 'fault' } as const);
const failure = (fields: object, message = 'at 10.0.0.7:5432') => Object.assign(new Error(message), fields);

describe('faceOf', () => {
  it.each(['WRONG', 'BUSY'] as const)('passes an expected failure: %s', (code) => {
    const face = faceOf(someError(code, 'Said to the caller', { field: 'x' }), logger);
    expect(face).toEqual({ code, message: 'Said to the caller', details: { field: 'x' } });
  });

  it.each([
    ['a refused connection', failure({ code: 'ECONNREFUSED' })],
    ['a database that shuts down', failure({ code: '57P01' })],
    ['a database without a free connection, through TypeORM', failure({ driverError: { code: '53300' } })],
    ['a lost connection', failure({}, 'Connection terminated unexpectedly')],
  ])('says of %s that it does not answer, and nothing of where', (_what, thrown) => {
    const message = 'A part of Haat does not answer at the moment; ask again';
    expect(faceOf(thrown, logger)).toEqual({ code: 'SERVICE_UNAVAILABLE', message });
  });

  it.each([
    ['our fault', someError('BROKEN', 'board 7 fell')],
    ['a bug', new TypeError('cannot read /srv/haat')],
    ['a wrong statement', failure({ code: '42601' })],
    ['no error at all', 'text'],
  ])('hides %s behind a reference', (_what, thrown) => {
    const { code, message, reference } = faceOf(thrown, logger);
    expect(code).toBe('INTERNAL');
    expect(message).toBe(`Something went wrong here, not in your request. Reference: ${reference}`);
  });
});
