import { HAAT } from '@haat/kit';
import { answersOk, isAlive, lockOwner, readState, type ServiceRecord } from '@haat/dev-stack';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf, stackGateway } from '../cli.context.ts';
import { exitStatus } from '../exit.status.ts';
import { failureFace } from '../error.text.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';
import { modelsOf, type ModelSummary } from '../gateway/model.queries.ts';
import { servesOther, servingLines } from '../output/serving.text.ts';
import { pairs, table } from '../output/table.ts';
import { addressesOf, titledAddresses } from '../stack/stack.addresses.ts';

type Health = 'ready' | 'not ready' | 'gone';

export const addStatus: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'status',
      summary: 'health of every service, addresses, champions',
      description:
        'Says for every service of the stack whether it serves, where to find it, and which version of each model answers; where that is not the promoted one, why. Exit code 1 unless all serve, and with the promoted versions.',
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
    if (!running || look.models.some(({ champion, serving }) => servesOther(champion, serving)))
      context.exit = exitStatus.failed;
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
        pairs(titledAddresses(addresses)),
        '',
        ...(look.unknown === undefined ? look.models.flatMap(linesOf) : [`Champions: not known (${look.unknown})`]),
      ].join('\n'),
    );
  });
};

/** One model's champion and what answers. */
type ServedModel = Pick<ModelSummary, 'champion' | 'serving'> & { readonly model: string };

/** What serves, or why that is not known. */
interface ServingLook {
  readonly models: readonly ServedModel[];
  readonly unknown?: string;
}

async function servingLook(gateway: GatewayClient): Promise<ServingLook> {
  try {
    const models = await modelsOf(gateway);
    return { models: models.map(({ name, champion, serving }) => ({ model: name, champion, serving })) };
  } catch (thrown) {
    return { models: [], unknown: failureFace(thrown).code };
  }
}

function linesOf({ model, champion, serving }: ServedModel): readonly string[] {
  return servingLines(champion, serving).map((line, at) => (at === 0 ? `${model}: ${line}` : `  ${line}`));
}

async function healthOf(service: ServiceRecord): Promise<Health> {
  if (!isAlive(service)) return 'gone';
  return service.health === null || (await answersOk(service.health)) ? 'ready' : 'not ready';
}
