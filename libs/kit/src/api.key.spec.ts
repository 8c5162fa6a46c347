import { apiKeyParts, apiKeyText } from './api.key.ts';

const id = '0123456789abcdef';
const secret = 'A_-'.repeat(14) + 'z';

describe('the text of an API key', () => {
  it('gives its parts back, underscores in the secret included', () => {
    expect(apiKeyParts(apiKeyText({ id, secret }))).toEqual({ id, secret });
  });

  it.each([
    ['', 'nothing'],
    [`haat_${id}`, 'no secret'],
    [`haat_${id}_${secret}x`, 'too much'],
    [`haat_${id}_${secret.slice(1)}`, 'too little'],
    [`haat_${id.toUpperCase()}_${secret}`, 'capitals'],
    [`haat_${id}_${secret.slice(0, -1)}=`, 'another alphabet'],
    [` haat_${id}_${secret}`, 'a space'],
  ])('is not %j (%s)', (text) => expect(apiKeyParts(text)).toBeNull());
});
