/** One thing that holds for every model: `check` throws where it does not. */
export interface ModelLaw {
  readonly name: string;
  readonly check: () => Promise<void>;
}
