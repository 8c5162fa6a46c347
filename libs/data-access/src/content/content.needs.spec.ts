import { verdictOn, type ReferringVersion } from './content.needs.ts';

const cutoff = new Date('2026-02-01T00:00:00Z');
const [before, after] = [new Date('2026-01-31T00:00:00Z'), new Date('2026-02-02T00:00:00Z')];
const version = (over: Partial<ReferringVersion> = {}): ReferringVersion => ({
  id: 'packaging/damage@1',
  domain: 'packaging',
  archivedAt: before,
  aliases: [],
  predicted: false,
  backfilledBy: null,
  runInFlight: null,
  ...over,
});
const verdict = (versions: readonly ReferringVersion[], { holds = [] as string[], storedAt = before } = {}) =>
  verdictOn({ storedAt }, { versions, holds }, cutoff);

describe('verdictOn', () => {
  it('lets go what only versions refer to that are archived for long, and old orphans', () => {
    expect(verdict([version(), version({ id: 'packaging/damage@2' })])).toEqual({
      collect: true,
      why: 'archived: packaging/damage@1, packaging/damage@2',
    });
    expect(verdict([])).toEqual({ collect: true, why: 'nobody refers to it' });
  });

  it.each([
    ['is not archived', version({ archivedAt: null })],
    ['is the champion', version({ aliases: ['champion'], archivedAt: null })],
    ['predictions that are kept', version({ predicted: true })],
    ['rows that run backfill/x/1 wrote', version({ backfilledBy: 'backfill/x/1' })],
    ['run r7 is in flight', version({ runInFlight: 'r7' })],
    ['archived only since 2026-02-02', version({ archivedAt: after })],
  ])('keeps what one version needs though others do not: %s', (why, needing) => {
    for (const versions of [[needing], [version(), needing], [needing, version()]]) {
      expect(verdict(versions)).toEqual({ collect: false, why: expect.stringContaining(why) });
    }
  });

  it('keeps what a run in flight holds, however old, and young orphans', () => {
    expect(verdict([], { holds: ['train/x/1'] })).toMatchObject({
      collect: false,
      why: expect.stringContaining('train/x/1'),
    });
    expect(verdict([version()], { holds: ['train/x/1'] }).collect).toBe(false);
    expect(verdict([], { storedAt: after }).collect).toBe(false);
  });
});
