/**
 * What may be known, in both times: nothing that happened after `asOf` (event time), and nothing that came in after
 * `revision` of the domain's data. The same horizon gives the same facts for ever: what comes late has a later revision.
 */
export interface Horizon {
  readonly asOf: Date;
  readonly revision: number;
}
