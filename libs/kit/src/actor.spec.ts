import { permits, roles, type Actor, type Role } from './actor.ts';

const actor = (role: Role, ...scopes: string[]): Actor => ({ subject: 'user:asha', role, scopes, origin: 'test' });

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
