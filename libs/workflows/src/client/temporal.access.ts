import { readFileSync } from 'node:fs';
import type { TLSConfig } from '@temporalio/client';
import { workflowError } from '../workflows.errors.ts';

/** How to reach a Temporal server and be let in. */
export interface TemporalAccess {
  /** `host:port` of the server's front end. */
  readonly address: string;
  readonly namespace: string;
  /** Absent: no TLS. Without certificates: TLS that trusts whom this system trusts. */
  readonly tls?: TLSConfig | undefined;
  readonly apiKey?: string | undefined;
}

/** The environment's variables that say it; `temporalVariables` of `@haat/platform` declares them. */
export interface TemporalSettings {
  readonly TEMPORAL_ADDRESS: string;
  readonly TEMPORAL_NAMESPACE: string;
  readonly TEMPORAL_TLS?: 'on' | 'off' | undefined;
  readonly TEMPORAL_TLS_CA_FILE?: string | undefined;
  readonly TEMPORAL_TLS_CERT_FILE?: string | undefined;
  readonly TEMPORAL_TLS_KEY_FILE?: string | undefined;
  readonly TEMPORAL_TLS_SERVER_NAME?: string | undefined;
  readonly TEMPORAL_API_KEY?: string | undefined;
}

/**
 * Reads the certificates that the settings name. A certificate, a server's name or an API key asks for TLS by itself.
 * @throws TEMPORAL_ACCESS_UNUSABLE for a file that cannot be read, or a certificate without its key.
 */
export function temporalAccess(settings: TemporalSettings): TemporalAccess {
  const {
    TEMPORAL_TLS_CA_FILE: ca,
    TEMPORAL_TLS_CERT_FILE: certificate,
    TEMPORAL_TLS_KEY_FILE: key,
    TEMPORAL_TLS_SERVER_NAME: serverName,
    TEMPORAL_API_KEY: apiKey,
  } = settings;
  if ((certificate === undefined) !== (key === undefined)) {
    throw workflowError(
      'TEMPORAL_ACCESS_UNUSABLE',
      'TEMPORAL_TLS_CERT_FILE and TEMPORAL_TLS_KEY_FILE belong together: expected both or none',
    );
  }
  const asked =
    settings.TEMPORAL_TLS === 'on' || [ca, certificate, serverName, apiKey].some((one) => one !== undefined);
  return {
    address: settings.TEMPORAL_ADDRESS,
    namespace: settings.TEMPORAL_NAMESPACE,
    ...(apiKey !== undefined && { apiKey }),
    ...(asked && {
      tls: {
        ...(serverName !== undefined && { serverNameOverride: serverName }),
        ...(ca !== undefined && { serverRootCACertificate: bytesOf('TEMPORAL_TLS_CA_FILE', ca) }),
        ...(certificate !== undefined &&
          key !== undefined && {
            clientCertPair: {
              crt: bytesOf('TEMPORAL_TLS_CERT_FILE', certificate),
              key: bytesOf('TEMPORAL_TLS_KEY_FILE', key),
            },
          }),
      },
    }),
  };
}

function bytesOf(variable: string, file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code = 'error' } = cause as NodeJS.ErrnoException;
    throw workflowError(
      'TEMPORAL_ACCESS_UNUSABLE',
      `${variable}: ${file} cannot be read (${code})`,
      { variable },
      cause,
    );
  }
}
