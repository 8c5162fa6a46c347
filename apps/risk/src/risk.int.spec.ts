import { readFile } from 'node:fs/promises';
import { RunLog } from '@haat/data-access';
import type { Actor } from '@haat/kit';
import { encodeCursor } from '@haat/platform';
import { accessCases, actorsOf, answeredVerdicts, askSubgraphItself, promisedVerdicts } from '@haat/platform/testing';
import { contactChannels } from '@haat/risk/contract';
import { parametersOfRates, transmissionModel } from '@haat/risk/model';
import { PolicyStore } from '@haat/risk/store';
import { schemaFile } from './schema.printer.ts';
import { startRiskStage, type RiskStage } from './testing/risk.stage.ts';

const reader: Actor = { subject: 'user:nurse', role: 'reader', scopes: ['risk'], origin: '10.0.0.7' };
const admin: Actor = { subject: 'user:head', role: 'admin', scopes: ['risk'], origin: 'test' };

interface Day {
  readonly day: string;
  readonly exposed: number;
  readonly infectious: number;
  readonly removed: number;
  readonly risk: number;
  readonly low: number;
  readonly high: number;
}

interface Rate {
  readonly name: string;
  readonly value: number;
  readonly lnError: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly steps: readonly number[];
}

describe('the risk subgraph', () => {
  let stage: RiskStage;
  beforeAll(async () => void (stage = await startRiskStage()));
  afterAll(() => stage?.stop());

  it('is, for each field, role and scope, as its printed schema says', async () => {
    const cases = accessCases(await readFile(schemaFile, 'utf8'), {
      domain: 'risk',
      entities: { Person: { id: 'asha' }, ModelVersion: { id: 'risk/transmission@1' } },
    });
    const actors = actorsOf('risk');
    const subgraph = { url: stage.app.url, name: 'risk' };
    const answered = await answeredVerdicts(cases, actors, (one, actor) => askSubgraphItself(subgraph, one, actor));
    expect(answered).toEqual(promisedVerdicts(cases, actors));
  });

  it('says what is not there yet: a promoted version, an inference, a person', async () => {
    const codes = async (query: string) => (await stage.ask(query)).errors?.map(({ extensions }) => extensions.code);
    expect(await codes('{ transmissionParameters { external } }')).toEqual(['MODEL_NOT_READY']);
    expect(await codes('{ highestRisk { edges { node { id } } } }')).toEqual(['NO_INFERENCE']);
    expect(await codes('{ person(id: "asha") { id riskTimeline { seed } } }')).toEqual(['NO_INFERENCE']);
    expect(await codes('{ person(id: "nobody") { id } }')).toEqual(['UNKNOWN_PERSON']);
  });

  it('tells the parameters of the version that is promoted', async () => {
    await stage.promote();
    const { data } = await stage.ask(
      '{ transmissionParameters { model { id } external channels { name probability } exposed { mean } infectious { mean longest } tests { name falsePositive positive } } }',
    );
    expect(data).toEqual({
      transmissionParameters: {
        model: { id: 'risk/transmission@1' },
        external: [1e-4],
        channels: expect.arrayContaining([{ name: 'household', probability: 0.06 }]),
        exposed: { mean: expect.closeTo(4.8, 0) },
        infectious: { mean: expect.closeTo(7.5, 0), longest: 40 },
        tests: expect.arrayContaining([{ name: 'pcr', falsePositive: 0.005, positive: [0.05, 0.9, 0.05] }]),
      },
    });
  });

  it('tells what was inferred of a person by day, with what chance leaves open, and by which version', async () => {
    await stage.infer();
    const { data } = await stage.ask(
      `{ person(id: "bela") { riskTimeline { runId model { id } asOf seed rHat effectiveSamples
         days { day exposed infectious removed risk error low high } } } }`,
    );
    const { riskTimeline } = (data as { person: { riskTimeline: { days: Day[] } } }).person;
    expect(riskTimeline).toMatchObject({
      runId: 'infer/test/1',
      model: { id: 'risk/transmission@1' },
      asOf: '2026-03-05T12:00:00.000Z',
      seed: 7,
      rHat: expect.closeTo(1.01, 5),
      effectiveSamples: 300,
    });
    expect(riskTimeline.days.map(({ day }) => day)).toEqual([1, 2, 3, 4, 5].map((day) => `2026-03-0${day}`));
    const last = await stage.ask(
      '{ person(id: "bela") { riskTimeline { days(last: 1) { day } } explanation { sources(first: 1) { day } } } }',
    );
    expect(last.data).toEqual({
      person: { riskTimeline: { days: [{ day: '2026-03-05' }] }, explanation: { sources: [{ day: '2026-03-02' }] } },
    });
    riskTimeline.days.forEach(({ exposed, infectious, removed, risk, low, high }, day) => {
      const [, E, I, R] = stage.probability.subarray((5 + day) * 4, (6 + day) * 4);
      expect([exposed, infectious, removed]).toEqual([E!, I!, R!].map((one) => expect.closeTo(one, 5)));
      expect(risk).toBeCloseTo(E! + I!, 5);
      expect(high).toBeCloseTo(Math.min(1, risk + 1.96 * 0.002), 5);
      expect(low).toBeCloseTo(Math.max(0, risk - 1.96 * 0.002), 5);
    });
  });

  it('tells why, of whose sources were followed, and nothing of who came later', async () => {
    const { data } = await stage.ask(
      '{ bela: person(id: "bela") { explanation { sources { from { id } day probability } } } esha: person(id: "esha") { riskTimeline { seed } explanation { sources { day } } } }',
    );
    expect(data).toEqual({
      bela: {
        explanation: {
          sources: [
            { from: { id: 'asha' }, day: '2026-03-02', probability: 0.25 },
            { from: null, day: null, probability: 0.125 },
          ],
        },
      },
      esha: { riskTimeline: null, explanation: null },
    });
  });

  it('lists persons by descending risk, page by page', async () => {
    const risks = ['asha', 'bela', 'chand', 'deepa'].map((id, k) => {
      const at = (k * 5 + 4) * 4;
      return { id, risk: stage.probability[at + 1]! + stage.probability[at + 2]! };
    });
    const expected = risks.sort((a, b) => b.risk - a.risk).map(({ id }) => id);
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page++) {
      const { data } = await stage.ask(
        'query ($after: String) { highestRisk(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      const { edges, pageInfo } = (
        data as {
          highestRisk: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
        }
      ).highestRisk;
      seen.push(...edges.map(({ node }) => node.id));
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(expected);
  });

  it('writes down who is shown what of whom, also through the gateway, and tells an admin alone', async () => {
    const references = [{ __typename: 'Person', id: 'deepa' }];
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { riskTimeline { seed } explanation { sources { day } } } } }';
    await stage.ask(query, { r: references }, reader);
    await stage.ask('{ person(id: "deepa") { id } }', {}, reader);
    const asked = '{ riskAccesses(person: "deepa") { edges { node { actor origin fields } } } }';
    const { data } = await stage.ask(asked, {}, admin);
    const { edges } = (data as { riskAccesses: { edges: { node: object }[] } }).riskAccesses;
    const byNurse = edges.map(({ node }) => node).filter((node) => (node as { actor: string }).actor === 'user:nurse');
    expect(byNurse).toHaveLength(2);
    expect(byNurse).toEqual(
      expect.arrayContaining(
        ['riskTimeline', 'explanation'].map((fields) => ({ actor: 'user:nurse', origin: '10.0.0.7', fields })),
      ),
    );
    expect((await stage.ask(asked, {}, reader)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('says whom to test next, as many as there are tests, and writes down whom it named to whom', async () => {
    const query = `query ($capacity: Int!, $kind: String!) { testAllocation(capacity: $capacity, kind: $kind) {
      runId model { id } averted tests { person { id } positive averted information } } }`;
    const { data } = await stage.ask(query, { capacity: 2, kind: 'pcr' }, reader);
    expect(data).toEqual({
      testAllocation: {
        runId: 'infer/test/1',
        model: { id: 'risk/transmission@1' },
        averted: 2.25,
        tests: [
          { person: { id: 'chand' }, positive: 0.25, averted: 1.5, information: 0.125 },
          { person: { id: 'bela' }, positive: 0.5, averted: 0.75, information: 0.25 },
        ],
      },
    });
    const antigen = await stage.ask(query, { capacity: 500, kind: 'antigen' }, reader);
    expect(antigen.data).toMatchObject({ testAllocation: { tests: [{ person: { id: 'bela' } }] } });
    for (const wrong of [
      { capacity: 501, kind: 'pcr' },
      { capacity: 1, kind: 'guess' },
    ])
      expect((await stage.ask(query, wrong)).errors).toMatchObject([{ extensions: { code: 'INVALID_ARGUMENT' } }]);
    const named = async (id: string) => {
      const asked = `{ riskAccesses(person: "${id}") { edges { node { actor fields } } } }`;
      const { riskAccesses } = (await stage.ask(asked, {}, admin)).data as {
        riskAccesses: { edges: { node: { actor: string; fields: string } }[] };
      };
      return riskAccesses.edges.map(({ node }) => node).filter(({ fields }) => fields === 'testAllocation').length;
    };
    expect(await Promise.all(['chand', 'bela', 'deepa'].map(named))).toEqual([1, 2, 0]);
  });

  it('tells rates with errors and history, of all versions, the newest first', async () => {
    await stage.learn();
    const { data } = await stage.ask(
      '{ transmissionHistory(first: 2) { edges { node { model { id } learned rates { name value lnError low high steps } } } } transmissionParameters { rates { name value } } }',
    );
    const { transmissionHistory, transmissionParameters } = data as {
      transmissionHistory: {
        edges: { node: { rates: Rate[] } }[];
      };
      transmissionParameters: object;
    };
    const [second, first] = transmissionHistory.edges.map(({ node }) => node);
    expect(second).toMatchObject({ model: { id: 'risk/transmission@2' }, learned: true });
    expect(first).toMatchObject({ model: { id: 'risk/transmission@1' }, learned: false });
    expect(transmissionParameters).toMatchObject({
      rates: expect.arrayContaining([
        { name: 'external', value: 1e-4 },
        { name: 'household', value: 0.06 },
      ]),
    });
    const names = ['external', ...contactChannels];
    expect(second!.rates.map(({ name }) => name)).toEqual(names);
    expect(first!.rates.map(({ name }) => name)).toEqual(names);
    for (const { value, steps } of second!.rates) {
      expect(steps).toHaveLength(20);
      expect(steps.at(-1)).toBe(value);
    }
    // Nobody met but at home: nothing is known of the other channels, which stay what they were.
    const known = second!.rates.filter(({ lnError }) => lnError !== null);
    expect(known.map(({ name }) => name)).toEqual(['external', 'household']);
    for (const { name, value, lnError, low, high, steps } of known) {
      expect(new Set(steps).size).toBe(20);
      const end = (way: number) => -Math.expm1(Math.log1p(-value) * Math.exp(way * 1.959963984540054 * lnError!));
      expect([name, low, high]).toEqual([name, expect.closeTo(end(-1), 10), expect.closeTo(end(1), 10)]);
    }
    const [external] = known;
    expect(external!.low).toBeLessThan(external!.value / 1.5);
    expect(external!.high).toBeGreaterThan(external!.value * 1.5);
    expect(external!.high).toBeLessThan(external!.value * 4);
    const unknown = second!.rates.filter(({ lnError }) => lnError === null);
    expect(unknown.map(({ low, high, steps }) => [low, high, new Set(steps).size])).toEqual(
      unknown.map(() => [null, null, 1]),
    );
    expect(first!.rates.map(({ lnError, steps }) => ({ lnError, steps }))).toEqual(
      first!.rates.map(() => ({ lnError: null, steps: [] })),
    );
  });

  it('tells of a version whose artifact was collected that there was it, and fails where one is gone that should be there', async () => {
    const history = (first: number) =>
      stage.ask(
        `{ transmissionHistory(first: ${first}) { edges { node { model { id digest } learned rates { name } } } } }`,
      );
    const nodes = async () =>
      (
        (await history(20)).data as { transmissionHistory: { edges: { node: object }[] } }
      ).transmissionHistory.edges.map(({ node }) => node);
    const [second, first] = await nodes();
    await stage.collect(2);
    expect(await nodes()).toEqual([{ ...second, learned: null, rates: null }, first]);
    await stage.lose(1);
    expect((await history(20)).errors).toMatchObject([
      { message: expect.not.stringContaining('artifacts'), extensions: { code: 'INTERNAL' } },
    ]);
    expect((await history(1)).errors).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['more versions than a page has', 'first: 21', 'INVALID_ARGUMENT'],
    ['fewer than none', 'first: -1', 'INVALID_ARGUMENT'],
    ['a page after what is no cursor', 'after: "zzz"', 'INVALID_CURSOR'],
    ['a page after no version', `after: "${encodeCursor([0])}"`, 'INVALID_CURSOR'],
    ['a page after more versions than can be', `after: "${encodeCursor([2 ** 31])}"`, 'INVALID_CURSOR'],
  ])('is asked in vain for %s of its history', async (_, argument, code) => {
    const { errors } = await stage.ask(`{ transmissionHistory(${argument}) { edges { cursor } } }`);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  it('is asked in vain for persons after a risk that none can have', async () => {
    const after = encodeCursor([1e300, 'asha']);
    const { errors } = await stage.ask(`{ highestRisk(after: "${after}") { edges { cursor } } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }]);
  });

  it('tells what policies came to, as far as it is, with differences on the same seeds', async () => {
    const policies = new PolicyStore(stage.task);
    const wish = {
      persons: 50,
      policies: [
        { name: 'nothing', kind: 'none' },
        { name: 'apart', kind: 'symptoms', quarantineDays: 7 },
      ],
    };
    const run = {
      id: 'simulate/test/1',
      kind: 'simulate',
      model: 'risk/transmission',
      options: { model: wish },
    } as const;
    const { options } = await new RunLog(stage.task).create(run);
    await policies.plan({
      run: run.id,
      ref: { model: 'risk/transmission', version: 1, digest: 'd' },
      parameters: parametersOfRates(transmissionModel.options.parse({})),
      options: transmissionModel.simulation!.parse(options['model']) as Record<string, unknown>,
      seed: 3,
      seeds: 4,
    });
    const query = `{ policySimulation(runId: "simulate/test/1") { model { id } persons seeds done total
      policies { policy setting seeds infected { mean low high } quarantineDays { mean } }
      differences(from: "nothing") { policy seeds infected { mean low high } } } }`;
    const kept = (policy: string, seed: number, infected: number, quarantineDays: number) =>
      policies.keep('simulate/test/1', { policy, seed, infected, quarantineDays, tests: 0, positive: 0 });
    for (const [seed, infected] of [0.5, 0.3, 0.1].entries()) await kept('nothing', seed + 3, infected, 0);
    for (const [seed, infected] of [0.4, 0.2].entries()) await kept('apart', seed + 3, infected, 10);
    const { data } = await stage.ask(query);
    expect(data).toEqual({
      policySimulation: {
        model: { id: 'risk/transmission@1' },
        persons: 50,
        seeds: 4,
        done: 5,
        total: 8,
        policies: [
          {
            policy: 'nothing',
            setting: { kind: 'none' },
            seeds: 3,
            infected: { mean: expect.closeTo(0.3, 12), low: expect.any(Number), high: expect.any(Number) },
            quarantineDays: { mean: 0 },
          },
          {
            policy: 'apart',
            setting: { kind: 'symptoms', quarantineDays: 7 },
            seeds: 2,
            infected: { mean: expect.closeTo(0.3, 12), low: expect.any(Number), high: expect.any(Number) },
            quarantineDays: { mean: 10 },
          },
        ],
        differences: [
          {
            policy: 'apart',
            seeds: 2,
            infected: { mean: expect.closeTo(-0.1, 12), low: expect.closeTo(-0.1, 12), high: expect.closeTo(-0.1, 12) },
          },
        ],
      },
    });
    const code = async (asked: string) => (await stage.ask(asked)).errors?.map(({ extensions }) => extensions.code);
    expect(await code(query.replace('from: "nothing"', 'from: "luck"'))).toEqual(['INVALID_ARGUMENT']);
    expect(await code(query.replace('test/1', 'test/2'))).toEqual(['UNKNOWN_SIMULATION']);
  });

  it('is no business of whoever has other scopes', async () => {
    const stranger: Actor = { ...admin, scopes: ['packaging'] };
    for (const query of ['{ person(id: "asha") { id } }', '{ highestRisk { edges { node { id } } } }']) {
      expect((await stage.ask(query, {}, stranger)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});
