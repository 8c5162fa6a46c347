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
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
