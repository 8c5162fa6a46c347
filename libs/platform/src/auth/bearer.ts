const bearerForm = /^Bearer +(\S+) *$/i;

/** The token of an `Authorization: Bearer <token>` header; undefined where there is none of that form. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return bearerForm.exec(authorization ?? '')?.[1];
}
