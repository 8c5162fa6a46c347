/** The truth of the simulated disease. Probabilities are of one quarter of an hour within two metres of somebody infectious. */
export const riskConstants = {
  /** Shares of days from infection to becoming infectious; index 0 is zero days. */
  exposed: [0, 0.06, 0.17, 0.2, 0.17, 0.13, 0.1, 0.07, 0.05, 0.03, 0.02],
  /** Shares of days of being infectious. */
  infectious: [0, 0, 0, 0, 0.05, 0.1, 0.15, 0.18, 0.17, 0.13, 0.1, 0.07, 0.05],
  /** Quarters of an hour that people of one kind of place spend together, and how probable one of them transmits. */
  channels: {
    household: { units: 8, transmission: 0.02 },
    work: { units: 4, transmission: 0.012 },
    leisure: { units: 2, transmission: 0.02 },
  },
  /** Persons of a household and of a workplace, at the most. */
  household: 5,
  workplace: 12,
  /** Colleagues whom somebody meets on a day. */
  colleagues: 3,
  /** P(somebody has a meeting in leisure on a day). */
  leisure: 0.5,
  /** P(infection from outside) of a person and day. */
  external: 1e-4,
  /** P(the onset is reported), of those who report at all. */
  reported: 0.5,
  /** P(report without infection) of a person and day. */
  falseReports: 0.001,
  /** P(somebody who reported is tested the day after). */
  testedAfterReport: 0.8,
  /** P(somebody is tested for another reason) on a day. */
  testedAnyway: 0.004,
  /** P(positive) of a PCR. */
  pcr: { infected: 0.9, uninfected: 0.005 },
} as const;

export type SimulatedChannel = keyof typeof riskConstants.channels;
