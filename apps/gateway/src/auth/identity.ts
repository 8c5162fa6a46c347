import type { Actor } from '@haat/kit';

/** Whom credentials stand for, and until when at the most. */
export interface Identity extends Omit<Actor, 'origin'> {
  readonly expiresAt: Date;
}
