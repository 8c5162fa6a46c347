import type { InternalTokenSigner, Logger } from '@haat/platform';
import { jwtKeysOf, type GatewayConfig } from '../config.ts';
import { Admission } from './admission.ts';
import { ApiKeyResolver } from './api.key.resolver.ts';
import { JwtVerifier } from './jwt.verifier.ts';

/** Who may ask this gateway, by its configuration. */
export function createAdmission(config: GatewayConfig, signer: InternalTokenSigner, logger: Logger): Admission {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, PLATFORM_URL } = config;
  return new Admission({
    token: new JwtVerifier({ issuer, audience, keys: jwtKeysOf(config) }, logger),
    key: new ApiKeyResolver(PLATFORM_URL, signer, logger),
    believedMs: config.CREDENTIALS_BELIEVED_SECONDS * 1_000,
    requestsPerMinute: config.RATE_LIMIT_PER_MINUTE,
  });
}
