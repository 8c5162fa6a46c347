/** Where people met; each has its own probability of transmission. The position is what is stored: names are added at the end alone. */
export const contactChannels = ['household', 'school', 'work', 'transport', 'leisure', 'other'] as const;
export type ContactChannel = (typeof contactChannels)[number];

/** Kinds of tests; each has its own sensitivity. The position is what is stored. */
export const testKinds = ['pcr', 'antigen', 'antibody'] as const;
export type TestKindName = (typeof testKinds)[number];

/** What a test said; `retracted` takes back what was said before. The position is what is stored. */
export const testResults = ['negative', 'positive', 'retracted'] as const;
