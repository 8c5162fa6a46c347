import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test: made for it, and gone with it. */
export interface CertificateAuthority {
  /** Its own certificate, PEM: what a client has to trust. */
  readonly cert: string;
  /** A certificate for names and addresses of a server or, without any, for a client. */
  issue(...names: readonly string[]): Promise<Certificate>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR_MS = 3_600_000;

/** Makes an authority whose certificates are valid for an hour. */
export async function certificateAuthority(name: string): Promise<CertificateAuthority> {
  x509.cryptoProvider.set(webcrypto);
  const validity = { notBefore: new Date(Date.now() - HOUR_MS), notAfter: new Date(Date.now() + HOUR_MS) };
  const keys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    ...validity,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  let serial = 1;
  return {
    cert: ca.toString('pem'),
    async issue(...names) {
      const own = await newKeys();
      serial += 1;
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serial.toString(16).padStart(2, '0'),
        subject: `CN=${names[0] ?? 'client'}`,
        issuer: ca.subject,
        ...validity,
        signingAlgorithm: algorithm,
        signingKey: keys.privateKey,
        publicKey: own.publicKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.ExtendedKeyUsageExtension([
            names.length > 0 ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
          ]),
          new x509.SubjectAlternativeNameExtension(
            (names.length > 0 ? names : ['client']).map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value })),
          ),
        ],
      });
      const key = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
      return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
    },
  };
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
