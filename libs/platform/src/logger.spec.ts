import { runInNewContext } from 'node:vm';
import { errorsOf } from '@haat/kit';
import { createLogger, nestLogger } from './logger.ts';

const failure = errorsOf({ SAMPLE_GONE: 'fault' });

/** The lines that `speak` logs. */
function logged(speak: (logger: ReturnType<typeof createLogger>) => void) {
  const lines: string[] = [];
  speak(createLogger('books', 'debug', { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  it.each(['err', 'error', 'failure', 'whatever'])('holds an error under the name %s', (name) => {
    const cause = new Error('the cause');
    const [line] = logged((log) => log.warn({ [name]: failure('SAMPLE_GONE', 'it is gone', { row: 7 }, cause) }, 'x'));
    expect(line![name]).toMatchObject({
      message: expect.stringMatching(/it is gone.*the cause/),
      code: 'SAMPLE_GONE',
      details: { row: 7 },
      stack: expect.stringMatching(/logger\.spec[^]*the cause/),
    });
  });

  it('holds an error of another realm, and one of many', () => {
    const foreign = runInNewContext('new TypeError("from afar")') as Error;
    const [line, many] = logged((log) => {
      log.error({ error: foreign }, 'x');
      log.error({ error: new AggregateError([new Error('one'), new Error('two')], 'both') }, 'x');
    });
    expect(line!['error']).toMatchObject({ type: 'TypeError', message: 'from afar', stack: expect.any(String) });
    expect(many!['error']).toMatchObject({ aggregateErrors: [{ message: 'one' }, { message: 'two' }] });
  });

  it('holds what Nest says of an error, whether as an error, as a stack or beside a text', () => {
    const lines = logged((log) => {
      const nest = nestLogger(log);
      nest.error(new Error('thrown'), 'Module');
      nest.error('told', 'Error: told\n    at somewhere', 'Module');
      nest.error('beside', new Error('the reason'), 'Module');
      nest.warn({ odd: 1 }, 'Module');
    });
    expect(lines).toMatchObject([
      { level: 'error', context: 'Module', msg: 'thrown', err: { message: 'thrown', stack: expect.any(String) } },
      { context: 'Module', msg: 'told', details: [expect.stringContaining('at somewhere')] },
      { context: 'Module', msg: 'beside', details: [{ message: 'the reason', stack: expect.any(String) }] },
      { level: 'warn', msg: '{ odd: 1 }' },
    ]);
  });
});
