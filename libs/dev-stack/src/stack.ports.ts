import { domains, HAAT } from '@haat/kit';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';

import { devStackError } from './dev-stack.errors.ts';

/** The services of a stack, in the order of their ports from the base; the domains last, so that a new one moves no other. */
export const portOrder = ['gateway', 'platform', 'worker', 'postgres', 'temporal', 'temporalUi', ...domains] as const;

export type PortName = (typeof portOrder)[number];
export type StackPorts = Readonly<Record<PortName, number>>;

export const DEFAULT_PORT_BASE = 4000;

/** Least and greatest base from which every service has a port that it may take. */
export const PORT_BASES = { least: 1024, most: 65_535 - (portOrder.length - 1) } as const;

/**
 * The ports of a stack, counted from `base`.
 * @throws INVALID_PORT when a port would be below 1024 or above 65535.
 */
export function portsFrom(base: number): StackPorts {
  const { least, most } = PORT_BASES;
  if (!Number.isInteger(base) || base < least || base > most) {
    throw devStackError(
      'INVALID_PORT',
      `The port base must be a whole number from ${least} to ${most}, and ${base} came.`,
      {
        base,
      },
    );
  }
  return Object.fromEntries(portOrder.map((name, i) => [name, base + i])) as Record<PortName, number>;
}

/**
 * Checks that nothing listens on the ports of `names`.
 * @throws PORT_TAKEN with the port, the service that wants it and, where the system tells, the program that has it.
 */
export async function requireFreePorts(ports: StackPorts, names: readonly PortName[] = portOrder): Promise<void> {
  const taken = (await Promise.all(names.map(async (name) => ((await isFree(ports[name])) ? [] : [name])))).flat();
  if (taken.length === 0) return;
  const [first] = taken;
  const owner = listenerOn(ports[first]);
  const by = owner === null ? 'another program' : programText(owner);
  const others =
    taken.length > 1
      ? ` So are ${taken
          .slice(1)
          .map((name) => `${ports[name]} (${name})`)
          .join(', ')}.`
      : '';
  throw devStackError(
    'PORT_TAKEN',
    `Port ${ports[first]}, which ${first} needs, is taken by ${by}.${others} Stop it, or start with another base, for example: ${HAAT} up --port ${await freeBase(ports.gateway + 100)}`,
    { ports: taken.map((name) => ports[name]), owner },
  );
}

/** The first base from `from` on, in steps of 100, whose ports are all free; `from` itself when none is. */
async function freeBase(from: number): Promise<number> {
  for (let base = from; base <= 65_000; base += 100) {
    const free = await Promise.all(Object.values(portsFrom(base)).map(isFree));
    if (free.every(Boolean)) return base;
  }
  return from;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Letters of a command line that a message shows. */
const SHOWN_LETTERS = 60;

/** A program of a checkout of Haat, in a command line. */
const ofHaat = new RegExp(`\\bapps/(cli|gateway|platform|worker|${domains.join('|')})/(bin|dist)/`);

/** A program as a person knows it: its command line, shortened, and whether it is one of ours. */
function programText({ pid, command }: Listener): string {
  const shown = command.length > SHOWN_LETTERS ? `${command.slice(0, SHOWN_LETTERS - 3)}...` : command;
  return ofHaat.test(command) ? `another Haat (process ${pid}: ${shown})` : `${shown} (process ${pid})`;
}

interface Listener {
  readonly pid: number;
  /** The program without its folder, and its arguments. */
  readonly command: string;
}

/** Who listens on a port, by /proc/net/tcp and the sockets that processes hold; null where the system does not tell. */
function listenerOn(port: number): Listener | null {
  try {
    const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6']
      .flatMap((table) => readFileSync(table, 'utf8').trim().split('\n').slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local.endsWith(wanted) && state === '0A')
      .map((fields) => `socket:[${fields[9]}]`);
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsOne(name, sockets));
    if (pid === undefined) return null;
    return { pid: Number(pid), command: commandOf(pid) };
  } catch {
    return null;
  }
}

/** The command line; the name of the process where it has none. */
function commandOf(pid: string): string {
  const [program = '', ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const line = [basename(program), ...rest]
    .join(' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line === '' ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : line;
}

function holdsOne(pid: string, sockets: readonly string[]): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.includes(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
