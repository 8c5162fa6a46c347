import { answersOk, isAlive, lockOwner, readState, type ServiceRecord } from '@haat/dev-stack';
import type { ModelRef } from '@haat/kit';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf, stackGateway } from '../cli.context.ts';
import { exitStatus } from '../exit.status.ts';
import { failureFace } from '../error.text.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';
import { championOf } from '../gateway/model.queries.ts';
import { pairs, table } from '../output/table.ts';
import { addressesOf, addressTitles, type StackAddresses } from '../stack/stack.addresses.ts';

type Health = 'ready' | 'not ready' | 'gone';

export const addStatus: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'status',
      summary: 'health of every service, addresses, champion',
      description:
        'Says for every service of the stack whether it serves, where to find it, and which model version answers. Exit code 1 unless all serve.',
      examples: [
        ['status', 'of this checkout'],
        ['status --json', 'for a program'],
      ],
    }),
  ).action(async (options: CommonOptions) => {
    const output = outputOf(context, options);
    const home = homeOf(context, options);
    const state = readState(home);
    if (state === null) {
      context.exit = exitStatus.failed;
      return output.result(
        { running: false, home: home.root },
        () => `Nothing runs on ${home.root}. Start it with: haat up`,
      );
    }
    const services = await Promise.all(
      state.services.map(async (service) => ({
        name: service.name,
        pid: service.pid,
        health: await healthOf(service),
        log: service.log,
      })),
    );
    const addresses = addressesOf(state.ports);
    const champion = await championLook(stackGateway(home, addresses.graphql));
    const running = lockOwner(home) !== null && services.every(({ health }) => health === 'ready');
    if (!running) context.exit = exitStatus.failed;
    const value = { running, home: home.root, startedAt: state.startedAt, services, addresses, ...champion };
    output.result(value, () =>
      [
        table(services, {
          service: (row) => row.name,
          health: (row) => row.health,
          process: (row) => row.pid,
          log: (row) => row.log,
        }),
        '',
        pairs(
          Object.fromEntries(
            Object.entries(addresses).map(([key, url]) => [addressTitles[key as keyof StackAddresses], url]),
          ),
        ),
        '',
        championText(champion),
      ].join('\n'),
    );
  });
};

/** The champion, or why it is not known. */
interface ChampionLook {
  readonly champion: ModelRef | null;
  readonly championUnknown?: string;
}

async function championLook(gateway: GatewayClient): Promise<ChampionLook> {
  try {
    return { champion: await championOf(gateway, 'packaging/damage') };
  } catch (thrown) {
    return { champion: null, championUnknown: failureFace(thrown).code };
  }
}

function championText({ champion, championUnknown }: ChampionLook): string {
  if (championUnknown !== undefined) return `Champion: not known (${championUnknown})`;
  if (champion === null) return 'No promoted model yet.';
  return `Champion: ${champion.model}@${champion.version} (${champion.digest.slice(0, 12)})`;
}

async function healthOf(service: ServiceRecord): Promise<Health> {
  if (!isAlive(service)) return 'gone';
  return service.health === null || (await answersOk(service.health)) ? 'ready' : 'not ready';
}
