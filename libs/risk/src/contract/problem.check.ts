import type { riskErrors } from './risk.errors.ts';
import { riskError } from './risk.errors.ts';
import { MOST_DAYS, type RiskProblem } from './risk.problem.ts';

/** A sum of probabilities may be this much above one: sums of rounded numbers. */
const ABOVE_ONE = 1e-9;

/**
 * Refuses a problem whose columns do not fit together; the message names the first row that is wrong. Parameters are taken as parsed.
 * @throws INVALID_PROBLEM, INVALID_PARAMETERS, INVALID_CONTACT, INVALID_TEST, INVALID_SYMPTOM, INVALID_INITIAL_STATE
 */
export function checkProblem(problem: RiskProblem): void {
  checkSize(problem);
  checkRegions(problem);
  checkContacts(problem);
  checkTests(problem);
  checkSymptoms(problem);
  checkInitial(problem);
}

type Code = keyof typeof riskErrors;

function refuse(code: Code, place: string, expected: string, got: unknown): never {
  throw riskError(code, `${place}: expected ${expected}, got ${String(got)}`, { place, expected, got });
}

function checkSize({ persons, days }: RiskProblem): void {
  if (!Number.isSafeInteger(persons) || persons < 1 || persons > 2 ** 31) {
    refuse('INVALID_PROBLEM', 'Persons', 'a whole number of at least 1', persons);
  }
  if (!Number.isSafeInteger(days) || days < 1 || days > MOST_DAYS) {
    refuse('INVALID_PROBLEM', 'Days of the window', `a whole number from 1 to ${MOST_DAYS}`, days);
  }
}

function checkLengths(
  what: string,
  rows: number,
  columns: Readonly<Record<string, { readonly length: number }>>,
): void {
  for (const [name, { length }] of Object.entries(columns)) {
    if (length !== rows) refuse('INVALID_PROBLEM', `${what}: column ${name}`, `${rows} rows`, length);
  }
}

function checkRegions({ persons, days, parameters: { external }, region, reporting }: RiskProblem): void {
  if (region) checkLengths('Persons', persons, { region });
  if (reporting) checkLengths('Persons', persons, { reporting });
  if (typeof external === 'number') return;
  external.forEach((byDay, at) => {
    if (byDay.length !== days) {
      refuse('INVALID_PARAMETERS', `External rate of region ${at}`, `${days} days`, byDay.length);
    }
  });
  for (let person = 0; region !== null && person < persons; person++) {
    if (region[person]! >= external.length) {
      refuse(
        'INVALID_PARAMETERS',
        `Person ${person}`,
        `a region below ${external.length}, of which the external rate is known`,
        region[person],
      );
    }
  }
}

function checkContacts({ persons, days, parameters, contacts }: RiskProblem): void {
  const channels = parameters.channels.length;
  let before = 0;
  for (const { rows, from, to, day, channel, count, mutual } of contacts) {
    checkLengths('Contacts', rows, { from, to, day, channel, count, mutual });
    for (let row = 0; row < rows; row++) {
      const [a, b] = [from[row]!, to[row]!];
      if (
        a < persons &&
        b < persons &&
        a !== b &&
        day[row]! < days &&
        channel[row]! < channels &&
        count[row]! > 0 &&
        mutual[row]! <= 1
      ) {
        continue;
      }
      const place = `Contact ${before + row}`;
      if (a >= persons) refuse('INVALID_CONTACT', place, `a person below ${persons}`, a);
      if (b >= persons) refuse('INVALID_CONTACT', place, `a person below ${persons}`, b);
      if (a === b) refuse('INVALID_CONTACT', place, 'two different persons', `person ${a} twice`);
      if (day[row]! >= days) refuse('INVALID_CONTACT', place, `a day below ${days}`, day[row]);
      if (channel[row]! >= channels) refuse('INVALID_CONTACT', place, `a channel below ${channels}`, channel[row]);
      if (count[row] === 0) refuse('INVALID_CONTACT', place, 'a count of at least 1', 0);
      refuse('INVALID_CONTACT', place, 'mutual 0 or 1', mutual[row]);
    }
    before += rows;
  }
}

function checkTests({ persons, days, parameters, tests }: RiskProblem): void {
  const { rows, person, day, kind, positive } = tests;
  checkLengths('Tests', rows, { person, day, kind, positive });
  for (let row = 0; row < rows; row++) {
    const place = `Test ${row}`;
    if (person[row]! >= persons) refuse('INVALID_TEST', place, `a person below ${persons}`, person[row]);
    if (day[row]! >= days) refuse('INVALID_TEST', place, `a day below ${days}`, day[row]);
    if (kind[row]! >= parameters.tests.length) {
      refuse('INVALID_TEST', place, `a kind of test below ${parameters.tests.length}`, kind[row]);
    }
    if (positive[row]! > 1) refuse('INVALID_TEST', place, 'a result of 0 or 1', positive[row]);
  }
}

function checkSymptoms({ persons, days, parameters, symptoms }: RiskProblem): void {
  const { rows, person, day } = symptoms;
  checkLengths('Symptoms', rows, { person, day });
  if (rows > 0 && parameters.symptoms === null) {
    refuse('INVALID_SYMPTOM', 'Symptoms', 'parameters of symptoms for reports of them', 'none');
  }
  for (let row = 0; row < rows; row++) {
    if (person[row]! >= persons) refuse('INVALID_SYMPTOM', `Report ${row}`, `a person below ${persons}`, person[row]);
    if (day[row]! >= days) refuse('INVALID_SYMPTOM', `Report ${row}`, `a day below ${days}`, day[row]);
  }
}

function checkInitial({ persons, parameters, initial }: RiskProblem): void {
  if (!initial) return;
  const { rows, person, state, age, probability } = initial;
  checkLengths('Initial states', rows, { person, state, age, probability });
  const ages = [0, parameters.exposed.length - 1, parameters.infectious.length - 1, 1];
  const sum = new Float64Array(persons);
  for (let row = 0; row < rows; row++) {
    const place = `Initial state ${row}`;
    const [who, what] = [person[row]!, state[row]!];
    if (who >= persons) refuse('INVALID_INITIAL_STATE', place, `a person below ${persons}`, who);
    if (what < 1 || what > 3) refuse('INVALID_INITIAL_STATE', place, 'state 1, 2 or 3 (E, I or R)', what);
    if (age[row]! >= ages[what]!) {
      refuse('INVALID_INITIAL_STATE', place, `an age below ${ages[what]} days`, age[row]);
    }
    if (!(probability[row]! >= 0)) {
      refuse('INVALID_INITIAL_STATE', place, 'a probability from 0 to 1', probability[row]);
    }
    sum[who]! += probability[row]!;
    if (sum[who]! > 1 + ABOVE_ONE) {
      refuse('INVALID_INITIAL_STATE', place, `probabilities of person ${who} that sum to at most 1`, sum[who]);
    }
  }
}
