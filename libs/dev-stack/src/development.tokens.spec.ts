import { statSync } from 'node:fs';

import { importJWK, jwtVerify, type JWK } from 'jose';

import {
  DEVELOPMENT_ISSUER,
  developmentPublicJwk,
  developmentToken,
  internalTokenSecret,
} from './development.tokens.ts';
import { withScratchHome } from './scratch.home.ts';

describe('the tokens of a stack', () => {
  it('are signed by a key that is made once, of which only the public part is handed out', () =>
    withScratchHome(async (home) => {
      expect(await developmentToken(home, 60)).toBeNull();
      const text = developmentPublicJwk(home);
      expect(developmentPublicJwk(home)).toBe(text);
      expect(Object.keys(JSON.parse(text) as object).sort()).toEqual(['alg', 'crv', 'kty', 'x']);
      expect(statSync(home.secretsFile).mode & 0o777).toBe(0o600);
      const key = await importJWK(JSON.parse(text) as JWK);
      const { payload } = await jwtVerify((await developmentToken(home, 60))!, key, {
        issuer: DEVELOPMENT_ISSUER,
        audience: 'haat',
      });
      expect(payload).toMatchObject({ sub: 'local', role: 'admin', scopes: ['*'] });
      expect(payload.exp! - payload.iat!).toBe(60);
    }));

  it('share one secret of 32 bytes or more between the apps, another one in each state folder', () =>
    withScratchHome((home) =>
      withScratchHome(async (other) => {
        const secret = internalTokenSecret(home);
        expect(Buffer.from(secret, 'base64url').length).toBeGreaterThanOrEqual(32);
        expect(internalTokenSecret(home)).toBe(secret);
        expect(internalTokenSecret(other)).not.toBe(secret);
      }),
    ));
});
