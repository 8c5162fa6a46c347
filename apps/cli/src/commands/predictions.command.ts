import type { Command } from 'commander';

import { addCommand, optionsOf, withGateway, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import { exitStatus } from '../exit.status.ts';
import { replayOf, type PredictionReplay } from '../gateway/monitoring.queries.ts';
import { table } from '../output/table.ts';

export const addPredictions: AddCommand = (program, context) => {
  const predictions = addCommand(program, {
    usage: 'predictions',
    summary: 'recorded predictions: replay',
    description: 'Works on predictions that were recorded when they were served.',
    examples: [['predictions replay 019b2f3c-0000-7000-8000-000000000000', 'recompute an old answer']],
  });
  withGateway(
    addCommand(predictions, {
      usage: 'replay <prediction>',
      summary: 'recompute an old answer',
      description:
        'Recomputes a prediction from the facts that were known when it was made, with the artifact that answered, and says whether facts and answer are the same, to the last bit; exit code 1 where they are not.',
      examples: [
        ['predictions replay 019b2f3c-0000-7000-8000-000000000000', 'the id stands in the answer (predictionId)'],
      ],
    }),
  ).action(async (id: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    const replay = await replayOf(gatewayOf(context, options), id);
    if (!replay.same) context.exit = exitStatus.failed;
    outputOf(context, options).result(replay, replayText);
  });
};

function replayText({ id, versionId, same, inputs, outputs }: PredictionReplay): string {
  if (same) return `Prediction ${id} of ${versionId} comes out the same.`;
  const columns = {
    value: ({ path }: { path: string }) => path,
    recorded: ({ recorded }: { recorded: string }) => recorded,
    replayed: ({ replayed }: { replayed: string }) => replayed,
    difference: ({ difference }: { difference: number | null }) => difference,
  };
  return [`Prediction ${id} of ${versionId} comes out otherwise:`, '', table([...inputs, ...outputs], columns)].join(
    '\n',
  );
}
