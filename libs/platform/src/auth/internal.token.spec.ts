import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import type { Actor } from '@haat/kit';
import { InternalTokenSigner, InternalTokenVerifier } from './internal.token.ts';

const secret = 'an internal secret of 32 bytes and more';
const bytes = (text: string) => new TextEncoder().encode(text);
const asha: Actor = { subject: 'user:asha', role: 'operator', scopes: ['packaging'], origin: '10.1.2.3' };
const now = () => Math.floor(Date.now() / 1_000);

const claims = (changed: JWTPayload = {}): JWTPayload => ({
  iss: 'haat-gateway',
  aud: 'platform',
  sub: 'user:asha',
  role: 'operator',
  scopes: ['packaging'],
  origin: 'x',
  exp: now() + 60,
  ...changed,
});
const signed = (changed: JWTPayload = {}, alg = 'HS256', key = secret) =>
  new SignJWT(claims(changed)).setProtectedHeader({ alg }).sign(bytes(key));

describe('an internal token', () => {
  const signer = new InternalTokenSigner(secret);
  const verifier = new InternalTokenVerifier('platform', secret);

  it('carries the actor to the subgraph that it is for', async () => {
    expect(await verifier.actor(`Bearer ${await signer.sign(asha, 'platform')}`)).toEqual(asha);
  });

  it('expires within a minute', async () => {
    const [, payload] = (await signer.sign(asha, 'platform')).split('.');
    const { exp } = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { exp: number };
    expect(exp).toBeLessThanOrEqual(now() + 60);
    expect(exp).toBeGreaterThan(now() + 25);
  });

  it('is another one for each actor and each subgraph', async () => {
    const actors = [asha, { ...asha, role: 'reader' as const }, { ...asha, scopes: [] }, { ...asha, origin: 'y' }];
    const tokens = await Promise.all(
      actors.flatMap((actor) => ['platform', 'packaging'].map((audience) => signer.sign(actor, audience))),
    );
    expect(new Set(tokens).size).toBe(8);
  });

  it.each([
    ['nothing', () => undefined],
    ['another scheme', async () => `Basic ${await signed()}`],
    ['no token', () => 'Bearer nonsense'],
    ['one for another subgraph', async () => `Bearer ${await signer.sign(asha, 'packaging')}`],
    ['one for no subgraph', async () => `Bearer ${await signed({ aud: undefined })}`],
    ['an expired one', async () => `Bearer ${await signed({ exp: now() - 6 })}`],
    ['one that never expires', async () => `Bearer ${await signed({ exp: undefined })}`],
    ['one of another issuer', async () => `Bearer ${await signed({ iss: 'https://login.test' })}`],
    ['one of another secret', async () => `Bearer ${await signed({}, 'HS256', secret.replace('an', 'no'))}`],
    ['one by another algorithm', async () => `Bearer ${await signed({}, 'HS512')}`],
    ['an unsigned one', () => `Bearer ${new UnsecuredJWT(claims()).encode()}`],
    ['one without a subject', async () => `Bearer ${await signed({ sub: undefined })}`],
    ['one with an unknown role', async () => `Bearer ${await signed({ role: 'root' })}`],
    ['one without scopes', async () => `Bearer ${await signed({ scopes: undefined })}`],
  ])('is asked for: %s is refused, and not told why', async (_what, make) => {
    await expect(verifier.actor(await make())).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'This answers the gateway only: ask the gateway',
      details: {},
    });
  });

  it('would be let in but for that: the honest one of the same make is', async () => {
    expect(await verifier.actor(`Bearer ${await signed()}`)).toMatchObject({ subject: 'user:asha' });
  });
});
