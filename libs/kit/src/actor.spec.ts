import { domainsOf, permits, roles, type Actor, type Role } from './actor.ts';

const actor = (role: Role, ...scopes: string[]): Actor => ({ subject: 'user:asha', role, scopes, origin: 'test' });

describe('domainsOf', () => {
  it('is the scopes as they are, none where there is none, and undefined where `*` stands for all', () => {
    expect(domainsOf(actor('admin'))).toEqual([]);
    expect(domainsOf(actor('reader', 'packaging', 'risk'))).toEqual(['packaging', 'risk']);
    expect(domainsOf(actor('reader', 'packaging', '*'))).toBeUndefined();
  });
});

describe('permits', () => {
  it('orders the roles: each may what the one before it may', () => {
    const allowed = roles.map((held) => roles.map((asked) => permits(actor(held, '*'), asked)));
    expect(allowed).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
  });

  it('asks for the scope beside the role, whatever the role', () => {
    expect(permits(actor('admin', 'packaging'), 'reader', 'risk')).toBe(false);
    expect(permits(actor('admin', 'packaging'), 'reader', 'packaging')).toBe(true);
    expect(permits(actor('reader', '*'), 'reader', 'risk')).toBe(true);
    expect(permits(actor('reader', 'risk'), 'operator', 'risk')).toBe(false);
    expect(permits(actor('reader'), 'reader')).toBe(true);
  });
});
