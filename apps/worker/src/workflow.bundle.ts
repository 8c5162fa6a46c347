import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger, type WorkflowBundle } from '@temporalio/worker';

const workflowsPath = fileURLToPath(import.meta.resolve('#workflows'));

/** Where the prebuilt script lies: beside this module. */
export const prebuiltBundle = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));

/** The module that clients, workers and the sandbox turn values into payloads with. */
export const payloadConverterPath = fileURLToPath(import.meta.resolve('@haat/workflows/payload-converter'));

/** What hands the trace of a workflow's start on to its activities. It does nothing where no trace came. */
const tracingInterceptors = fileURLToPath(
  import.meta.resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js'),
);

/** The workflows as one script for the sandbox. The packages of the house resolve to what this process itself runs from. */
export function bundleWorkflows(logger?: Logger): Promise<WorkflowBundle & { readonly code: string }> {
  const conditionNames = workflowsPath.endsWith('.ts') ? ['@haat/source', '...'] : ['...'];
  return bundleWorkflowCode({
    workflowsPath,
    payloadConverterPath,
    workflowInterceptorModules: [tracingInterceptors],
    logger,
    webpackConfigHook: (config) => ({ ...config, resolve: { ...config.resolve, conditionNames } }),
  });
}

/** The prebuilt script; where there is none, one that is bundled now (about a second). */
export async function workflowBundle(logger?: Logger): Promise<WorkflowBundle> {
  return existsSync(prebuiltBundle) ? { code: await readFile(prebuiltBundle, 'utf8') } : bundleWorkflows(logger);
}
