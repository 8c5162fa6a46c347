import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong with trained models and their artifacts. Printed to `docs/errors.md`. */
export const runtimeErrors = {
  /** The bytes are not the artifact they should be: another digest, no ONNX file, or unreadable metadata. */
  ARTIFACT_DAMAGED: 'caller',
  /** A readable artifact that cannot prove itself: signature or replayed answers differ from what it says. */
  MODEL_REFUSED: 'caller',
  /** No version of the model is promoted, or none that proves itself has been loaded yet. */
  MODEL_NOT_READY: 'retry',
  /** The columns given to a model are not those of its graph. */
  INVALID_BATCH: 'fault',
  /** A graph failed while it ran, or a thread that updates parameters ended. */
  MODEL_RUN_FAILED: 'fault',
  /** A graph gave NaN or an infinity for some rows; asked without them it answers the others. */
  ANSWER_NOT_FINITE: 'fault',
  /** A model was asked after it was closed. */
  MODEL_CLOSED: 'fault',
  /** The model has no finite answer for the facts of one entity. */
  UNANSWERABLE_ROW: 'caller',
} as const satisfies ErrorTable;

export const runtimeError = errorsOf(runtimeErrors);
