import { HAAT } from '@haat/kit';
import { answersOk, isAlive, lockOwner, readState, type ServiceRecord } from '@haat/dev-stack';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf, stackGateway } from '../cli.context.ts';
import { exitStatus } from '../exit.status.ts';
import { failureFace } from '../error.text.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';
import { servingOf, type ModelSummary } from '../gateway/model.queries.ts';
import { servesOther, servingLines } from '../output/serving.text.ts';
import { pairs, table } from '../output/table.ts';
import { addressesOf, addressTitles, type StackAddresses } from '../stack/stack.addresses.ts';

/** The model whose champion the status tells. */
const MODEL = 'packaging/damage';

type Health = 'ready' | 'not ready' | 'gone';

export const addStatus: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'status',
      summary: 'health of every service, addresses, champion',
      description:
        'Says for every service of the stack whether it serves, where to find it, and which model version answers; where that is not the promoted one, why. Exit code 1 unless all serve, and with the promoted version.',
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
        () => `Nothing runs on ${home.root}. Start it with: ${HAAT} up`,
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
    const look = await servingLook(stackGateway(home, addresses.graphql));
    const running = lockOwner(home) !== null && services.every(({ health }) => health === 'ready');
    if (!running || servesOther(look.champion, look.serving)) context.exit = exitStatus.failed;
    const value = { running, home: home.root, startedAt: state.startedAt, services, addresses, ...look };
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
        ...(look.championUnknown === undefined
          ? servingLines(look.champion, look.serving)
          : [`Champion: not known (${look.championUnknown})`]),
      ].join('\n'),
    );
  });
};

/** The champion and what answers, or why they are not known. */
interface ServingLook extends Pick<ModelSummary, 'serving'> {
  readonly champion: ({ readonly model: string } & NonNullable<ModelSummary['champion']>) | null;
  readonly championUnknown?: string;
}

async function servingLook(gateway: GatewayClient): Promise<ServingLook> {
  try {
    const { champion, serving } = await servingOf(gateway, MODEL);
    return { champion: champion && { model: MODEL, ...champion }, serving };
  } catch (thrown) {
    return { champion: null, serving: [], championUnknown: failureFace(thrown).code };
  }
}

async function healthOf(service: ServiceRecord): Promise<Health> {
  if (!isAlive(service)) return 'gone';
  return service.health === null || (await answersOk(service.health)) ? 'ready' : 'not ready';
}
