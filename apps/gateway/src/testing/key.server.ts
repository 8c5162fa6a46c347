import { json } from 'node:stream/consumers';
import type { Actor } from '@haat/kit';
import { apiKeyAudience, apiKeyPath, InternalTokenVerifier } from '@haat/platform';
import { internalTokenSecret } from '@haat/platform/testing';
import { listening } from './fake.subgraph.ts';

/** The API key of that number. */
export const apiKey = (id: number) => `haat_${String(id).padStart(16, '0')}_${'s'.repeat(43)}`;

/** The platform, as the gateway knows it: it says whom a key stands for, to who asks as a gateway does. */
export class KeyServer {
  /** Ids of the keys that are good. */
  readonly alive = new Set<string>();
  rights: Pick<Actor, 'role' | 'scopes'> = { role: 'operator', scopes: ['packaging'] };
  asked = 0;
  down = false;

  private constructor(
    readonly url: string,
    readonly stop: () => void,
  ) {}

  static async start(): Promise<KeyServer> {
    const verifier = new InternalTokenVerifier(apiKeyAudience, internalTokenSecret);
    const { url, stop } = await listening(async (request, response) => {
      if (request.url === '/health/live') return void response.end();
      const { id, secretHash } = (await json(request)) as { id: string; secretHash: string };
      server.asked++;
      await verifier.actor(request.headers.authorization);
      const actor = server.alive.has(id) ? { subject: `key:import/${id}`, ...server.rights } : null;
      const asked = request.url === apiKeyPath && /^[0-9a-f]{64}$/.test(secretHash);
      response.statusCode = server.down ? 500 : asked ? 200 : 400;
      response.end(JSON.stringify({ actor, expiresAt: actor && new Date(Date.now() + 60_000) }));
    });
    const server = new KeyServer(url, stop);
    return server;
  }
}
