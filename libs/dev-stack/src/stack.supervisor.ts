import { setTimeout as sleep } from 'node:timers/promises';

import { isDomainError } from '@haat/kit';

import { startGuard, type Guard } from './stack.guard.ts';
import type { Home } from './home.layout.ts';
import { endProcess, identify } from './process.identity.ts';
import { rotateLog } from './service.log.ts';
import {
  exitText,
  serviceFailed,
  spawnService,
  untilReady,
  type ServiceExit,
  type ServiceProcess,
  type ServiceSpec,
} from './service.process.ts';
import type { StackPorts } from './stack.ports.ts';
import { clearState, writeState, type ServiceRecord } from './stack.state.ts';

/** How long a process may take to end in good order before it is killed. */
export const STOP_GRACE_MS = 10_000;
/** A service that ends this often within `RESTART_WINDOW_MS` is not started again. */
const RESTARTS_AT_MOST = 5;
const RESTART_WINDOW_MS = 60_000;
/** How often it is looked whether a log has grown too large, ms. */
const LOGS_EVERY_MS = 60_000;

export interface SupervisorEvents {
  /** A service ended by itself and is started again. */
  readonly onRestart: (service: string, how: string) => void;
}

/**
 * Starts processes, starts those again that end by themselves, and stops all of them in the opposite order. Whatever it has
 * started is written to the state file at once, and a guard process stops it should this process die without doing so.
 */
export class StackSupervisor {
  private readonly services: ServiceProcess[] = [];
  private readonly restarts = new Map<string, number[]>();
  private readonly startedAt = new Date().toISOString();
  private readonly self = identify(process.pid)!;
  private readonly guard: Guard;
  private readonly rotation: NodeJS.Timeout;
  private stopped: Promise<void> | null = null;
  private giveUp!: (error: Error) => void;
  /** Rejects with SERVICE_FAILED when a service cannot be kept running. Never resolves. */
  readonly failed = new Promise<never>((_, reject) => (this.giveUp = reject));

  constructor(
    private readonly home: Home,
    private readonly ports: StackPorts,
    private readonly events: SupervisorEvents,
    guard: (home: Home) => Guard = startGuard,
  ) {
    this.failed.catch(() => undefined);
    this.save();
    this.guard = guard(home);
    this.rotation = setInterval(() => this.services.forEach(({ spec }) => rotateLog(spec.log)), LOGS_EVERY_MS).unref();
  }

  /**
   * Starts a service and waits until it is ready.
   * @throws BINARY_MISSING, SERVICE_FAILED
   */
  async start(spec: ServiceSpec): Promise<void> {
    if (this.stopped !== null) throw serviceFailed(spec, 'was not started: the stack is stopping');
    const service = await spawnService(spec);
    this.services.push(service);
    this.save();
    if (this.stopped !== null) {
      await endProcess(service.identity, 'SIGKILL', 0);
      throw serviceFailed(spec, 'was stopped before it was ready', service.said());
    }
    await untilReady(service, () => this.stopped !== null);
    void service.exited.then((exit) => this.onExit(service, exit));
  }

  /** Stops everything, last started first. Calling it again waits for the same stop. */
  stop(onStop: (service: string) => void = () => undefined): Promise<void> {
    this.stopped ??= this.stopAll(onStop);
    return this.stopped;
  }

  private async stopAll(onStop: (service: string) => void): Promise<void> {
    clearInterval(this.rotation);
    for (const { spec, identity } of this.services.toReversed()) {
      onStop(spec.name);
      await endProcess(identity, spec.stopSignal, STOP_GRACE_MS);
    }
    clearState(this.home, this.self);
    await this.guard.dismiss();
  }

  private async onExit(service: ServiceProcess, exit: ServiceExit): Promise<void> {
    if (this.stopped !== null) return;
    const { spec } = service;
    this.services.splice(this.services.indexOf(service), 1);
    const recent = [...(this.restarts.get(spec.name) ?? []), Date.now()].filter(
      (at) => at > Date.now() - RESTART_WINDOW_MS,
    );
    this.restarts.set(spec.name, recent);
    if (recent.length > RESTARTS_AT_MOST) {
      const how = `ended ${recent.length} times within a minute, at last with ${exitText(exit)}`;
      this.giveUp(serviceFailed(spec, how, service.said()));
      return;
    }
    this.events.onRestart(spec.name, exitText(exit));
    await sleep(250 * 2 ** (recent.length - 1));
    if (this.stopped !== null) return;
    try {
      await this.start(spec);
    } catch (error) {
      if (this.stopped === null) this.giveUp(isDomainError(error) ? error : serviceFailed(spec, String(error)));
    }
  }

  private save(): void {
    const services: ServiceRecord[] = this.services.map(({ spec, identity }) => ({
      ...identity,
      name: spec.name,
      stopSignal: spec.stopSignal,
      log: spec.log,
      health: spec.health,
    }));
    writeState(this.home, { launcher: this.self, startedAt: this.startedAt, ports: this.ports, services });
  }
}
