/**
 * The domains that live in this house. What knows all of them (the stack, the gateway, the worker, the command line) makes its
 * part from this list, or has a table over it that does not compile while a domain is missing.
 */
export const domains = ['packaging'] as const;

export type Domain = (typeof domains)[number];
