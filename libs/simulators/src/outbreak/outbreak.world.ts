/** How probable a positive result of a kind of test is: by state, or by days since infection. */
export type OutbreakTestKind =
  | {
      readonly name: string;
      readonly positive: { readonly S: number; readonly E: number; readonly I: number; readonly R: number };
    }
  | {
      readonly name: string;
      readonly uninfected: number;
      /** P(positive) on day 0, 1, … since infection; the last value holds for ever after. */
      readonly sinceInfection: readonly number[];
    };

/** What drives an outbreak, in the terms of the transmission model: discrete-time SEIR with distributed durations. */
export interface OutbreakParameters {
  /** P(infection from outside) of a person and day; or a list by region, each a list by day. */
  readonly external: number | number[][];
  /** P(infection) by one unit of contact with an infectious person, by channel. */
  readonly channels: { readonly name: string; readonly probability: number }[];
  /** Shares of whole days in E and in I; index 0 is 0. */
  readonly exposed: number[];
  readonly infectious: number[];
  /** Factor on exposure on day 0, 1, … of being infectious; the last value holds on. */
  readonly infectivity: number[];
  readonly tests: OutbreakTestKind[];
  /** Reports of symptoms; null: nobody reports. */
  readonly symptoms: {
    /** P(onset is reported), for somebody with the app. */
    readonly reported: number;
    /** P(report without infection) for a person and day. */
    readonly falseReports: number;
    /** Shares of days from becoming infectious to the report; index 0 is the same day. */
    readonly delay: number[];
  } | null;
}

/** One reason to meet. Every contact is mutual. */
export interface Meeting {
  /** Index of `parameters.channels`. */
  readonly channel: number;
  /**
   * Among whom. Shares of groups by size (index 1: alone): persons are dealt into groups once, and each pair of a group meets each day with probability
   * `mean`. Null: anybody meets anybody, and `mean` is the mean number of contacts of a person and day.
   */
  readonly groups: readonly number[] | null;
  readonly mean: number;
  /** Least and most units of one contact, each number equally probable. */
  readonly units: readonly [least: number, most: number];
}

/** What a world of an outbreak is made from. */
export interface OutbreakOptions {
  /** Non-negative safe integer. The same options give the same world. */
  readonly seed: number;
  readonly persons: number;
  readonly days: number;
  readonly parameters: OutbreakParameters;
  readonly meetings: readonly Meeting[];
  /** Share of persons who have the app: it records contacts of two of them, and their reports of symptoms. Default 1. */
  readonly adoption?: number;
}

/** Contacts of one day, as observed or as planned; a row each, all mutual. */
export interface OutbreakContacts {
  readonly rows: number;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly day: Uint8Array;
  readonly channel: Uint8Array;
  readonly count: Uint16Array;
  readonly mutual: Uint8Array;
}

export interface OutbreakTests {
  readonly rows: number;
  readonly person: Uint32Array;
  readonly day: Uint8Array;
  readonly kind: Uint8Array;
  readonly positive: Uint8Array;
}

export interface OutbreakReports {
  readonly rows: number;
  readonly person: Uint32Array;
  readonly day: Uint8Array;
}

/** What was seen of an outbreak on its first `days` days: the columns that inference takes. */
export interface ObservedOutbreak {
  readonly persons: number;
  readonly days: number;
  readonly parameters: OutbreakParameters;
  /** Region of each person; null where `external` is one rate. */
  readonly region: Uint16Array | null;
  /** A piece for each day. */
  readonly contacts: readonly OutbreakContacts[];
  readonly tests: OutbreakTests;
  readonly symptoms: OutbreakReports;
  /** [persons]: 1 for who has the app. */
  readonly reporting: Uint8Array;
}

/** What the world knows and no model may see. */
export interface OutbreakTruth {
  /** [persons]: first day in E, I and R; the number of days of the world where there is none. */
  readonly exposed: Uint16Array;
  readonly infectious: Uint16Array;
  readonly removed: Uint16Array;
  /** [persons]: who infected the person; -1: from outside, -2: nobody. */
  readonly source: Int32Array;
}

export interface OutbreakWorld {
  readonly seed: number;
  readonly observed: ObservedOutbreak;
  readonly truth: OutbreakTruth;
}
