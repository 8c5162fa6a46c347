/** What an API key is made of: `haat_<id>_<secret>`. */
export interface ApiKeyParts {
  /** 16 hex digits; no secret. */
  readonly id: string;
  /** 256 bits, base64url. */
  readonly secret: string;
}

const form = /^haat_([0-9a-f]{16})_([\w-]{43})$/;

/** The key as its owner sends it. */
export function apiKeyText({ id, secret }: ApiKeyParts): string {
  return `haat_${id}_${secret}`;
}

/** The parts of a key; null for a text that is none. */
export function apiKeyParts(text: string): ApiKeyParts | null {
  const [, id, secret] = form.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}
