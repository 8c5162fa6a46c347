import { HAAT } from '@haat/kit';
import { addCommand, withGateway, withLocal, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf, tellGates, tellRejects } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { versionOf } from '../gateway/model.queries.ts';
import { evaluateOnFiles } from '../local/local.training.ts';
import { evaluationText, gatesText } from '../output/evaluation.text.ts';
import { versionText } from '../output/model.text.ts';

interface EvaluateOptions extends CommonOptions {
  readonly local?: boolean;
  readonly model?: string;
  readonly data?: string;
  readonly mapping?: string;
  readonly asOf?: string;
}

export const addEvaluate: AddCommand = (program, context) => {
  const command = withGateway(
    addCommand(program, {
      usage: 'evaluate <model>',
      summary: 'held-out metrics and gates of a version',
      description:
        'With --local: serves the held-out part of a folder of files with an artifact, measures, and judges by the gates of the model; the exit code 4 says that one is not passed. Otherwise: what the registry measured of a version when it was trained (packaging/damage@3, or the promoted one).',
      examples: [
        ['evaluate packaging/damage --local --model damage.onnx --data world', 'an artifact on files'],
        ['evaluate packaging/damage', 'the promoted version'],
        ['evaluate packaging/damage@2 --json', 'another version, for a program'],
      ],
    }),
  );
  withLocal(command, 'measure an artifact on files, with nothing running', [
    ['--model <artifact>', 'the artifact file'],
    ['--data <dir>', `folder with the files that the model learns from (${HAAT} schema MODEL names them)`],
    ['--mapping <file>', 'JSON that names the columns and units of the files'],
    ['--as-of <time>', 'bound of event time, ISO 8601; default: now'],
  ]).action(async (name: string, options: EvaluateOptions) => {
    const output = outputOf(context, options);
    if (!options.local) return output.result(await versionOf(gatewayOf(context, options), name), versionText);
    const { model, data, mapping, asOf } = options;
    if (model === undefined || data === undefined) {
      throw cliError('USAGE', 'evaluate --local needs an artifact and files: --model ARTIFACT --data DIR');
    }
    const report = await evaluateOnFiles(name, { model, data, mapping, asOf });
    output.result(report, ({ evaluation, gates }) => `${evaluationText(evaluation)}\n\n${gatesText(gates)}`);
    tellRejects(context, output, report);
    tellGates(context, output, report.gates);
  });
};
