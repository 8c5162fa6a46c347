import { z } from 'zod';
import {
  ConfigError,
  databaseVariables,
  describeConfig,
  readConfig,
  serverVariables,
  temporalVariables,
} from './config.ts';

const schema = z.object({ ...serverVariables, ...databaseVariables, ...temporalVariables });
const complete = {
  PORT: '4001',
  DATABASE_URL: 'postgresql://u:secret@127.0.0.1:5432/haat',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
};

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(schema, env);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems;
  }
  return [];
}

describe('readConfig', () => {
  it('reads, converts and fills in defaults', () => {
    expect(readConfig(schema, complete)).toMatchObject({
      PORT: 4001,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      DRAIN_SECONDS: 30,
    });
  });

  it('names every variable that is missing or wrong, with what to set and without its value', () => {
    const problems = problemsOf({ PORT: 'high', DATABASE_URL: 'mysql://u:secret@h/haat', TEMPORAL_ADDRESS: '' });
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual(['DATABASE_URL', 'PORT', 'TEMPORAL_ADDRESS']);
    expect(problems.find((line) => line.startsWith('TEMPORAL_ADDRESS'))).toBe(
      'TEMPORAL_ADDRESS: not set. Temporal server, host:port.',
    );
    expect(problems.find((line) => line.startsWith('DATABASE_URL'))).toContain('expected postgresql://');
    expect(problems.join()).not.toContain('secret');
  });

  it('ignores variables that the app does not declare', () => {
    expect(readConfig(schema, { ...complete, SOMETHING: 'else' })).not.toHaveProperty('SOMETHING');
  });
});

describe('describeConfig', () => {
  it('lists name, description, default, range and secrecy in the order of declaration', () => {
    const variables = describeConfig(schema);
    expect(variables.map((variable) => variable.name)).toEqual(Object.keys(schema.shape));
    expect(variables.find(({ name }) => name === 'DATABASE_URL')).toMatchObject({
      required: true,
      default: null,
      secret: true,
    });
    expect(variables.find(({ name }) => name === 'PORT')).toMatchObject({ required: true, accepts: '0 to 65535' });
    expect(variables.find(({ name }) => name === 'LOG_LEVEL')).toMatchObject({
      required: false,
      default: 'info',
      secret: false,
    });
  });

  it('refuses a variable without a description', () => {
    expect(() => describeConfig(z.object({ BARE: z.string() }))).toThrow('BARE has no description');
  });
});
