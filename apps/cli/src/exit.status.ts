/** Exit codes of every command. */
export const exitStatus = {
  /** Done. */
  ok: 0,
  /** Not done; stderr says why. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Done, and some rows were bad: they are in the output or in the rejects file. */
  someBadRows: 3,
  /** Done, and the model did not pass its gates: it is not to be promoted. Told also where rows were bad. */
  gatesNotPassed: 4,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
