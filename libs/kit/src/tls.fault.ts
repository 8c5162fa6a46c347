/**
 * Why a TLS connection did not come to be, from the client's side: the server's certificate leads to nobody whom we trust, is for
 * another name or not valid now; the server wants another certificate of ours; or it speaks no TLS.
 */
export type TlsFault = 'untrusted' | 'other-name' | 'not-valid-now' | 'client-certificate' | 'no-tls';

const faults: readonly (readonly [fault: TlsFault, code: RegExp])[] = [
  [
    'untrusted',
    /^(UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_(UNTRUSTED|SIGNATURE_FAILURE|REJECTED)|INVALID_CA)/,
  ],
  ['other-name', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
  ['not-valid-now', /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/],
  ['client-certificate', /^ERR_SSL_.*ALERT/],
  ['no-tls', /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE)$/],
];

/** By the code of what Node.js's TLS threw; null for any other failure. */
export function tlsFaultOf(code: string): TlsFault | null {
  return faults.find(([, pattern]) => pattern.test(code))?.[0] ?? null;
}
