import { haat, refused, runUntil, type Run } from '../stack/operator.ts';

interface Comparison {
  readonly a: { readonly id: string };
  readonly b: { readonly id: string };
  readonly options: readonly object[];
}

describe('an operator', () => {
  it('rejects one version, approves another, rolls it back, archives it, and finds all of it in the audit trail', async () => {
    const champion = (await haat<{ id: string }>('models', 'show', 'packaging/damage')).id;
    const ask = async (ridge: number) => {
      const { id } = await haat<Run>(
        'train',
        'packaging/damage',
        '--option',
        `ridge=${ridge}`,
        '--approval',
        '--no-wait',
      );
      return runUntil(id, ({ approval }) => approval !== null);
    };
    const unwanted = await ask(41);
    await haat('models', 'reject', unwanted.id, '--reason', 'not now');
    expect(await runUntil(unwanted.id, ({ state }) => state === 'completed')).toMatchObject({ promotion: 'rejected' });

    const wanted = await ask(42);
    const version = wanted.approval!.versionId;
    expect((await haat<{ id: string }>('models', 'show', 'packaging/damage')).id).toBe(champion);
    expect(await refused('models', 'archive', version)).toBe('VERSION_AWAITS_APPROVAL');
    await haat('models', 'approve', wanted.id, '--reason', 'seen');
    expect(await runUntil(wanted.id, ({ state }) => state === 'completed')).toMatchObject({ promotion: 'promoted' });
    expect(await refused('models', 'reject', wanted.id, '--reason', 'late')).toBe('ALREADY_DECIDED');
    expect((await haat<{ id: string }>('models', 'show', 'packaging/damage')).id).toBe(version);

    const number = version.split('@')[1]!;
    const back = await haat<{ id: string }>(
      'models',
      'rollback',
      'packaging/damage',
      '--expect',
      number,
      '--reason',
      'worse',
    );
    expect(back.id).toBe(champion);
    expect(await refused('models', 'rollback', 'packaging/damage', '--expect', number)).toBe('CHAMPION_CHANGED');
    await haat('models', 'archive', version, '--reason', 'superseded');
    const { collected } = await haat<{ collected: object[] }>('models', 'gc', '--dry-run');
    expect(collected).toEqual([]);
    expect((await haat<{ collected: object[] }>('models', 'gc', '--older-than', '1')).collected).toEqual([]);
    const records = await haat<{ collected: object[]; kept: { why: string }[] }>('records', 'gc', '--dry-run');
    expect(records.collected).toEqual([]);
    expect(records.kept.map(({ why }) => why)).toContain('kept for 400 days');
    expect(await haat('records', 'gc')).toEqual({ ...records, dryRun: false });
    const { a, b, options } = await haat<Comparison>('models', 'compare', champion, version);
    expect([a.id, b.id]).toEqual([champion, version]);
    expect(options).toContainEqual(expect.objectContaining({ name: 'ridge', b: '42', same: false }));
    const trail = await haat<{ action: string; reason: string | null }[]>('audit', '--subject', version);
    expect(trail.map(({ action, reason }) => [action, reason])).toEqual([
      ['model.archive', 'superseded'],
      ['model.rollback', 'worse'],
      ['model.promote', 'seen'],
      ['promotion.approve', 'seen'],
    ]);
    await haat('models', 'archive', version, '--undo');
  });
});
