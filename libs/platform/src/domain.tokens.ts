/** Injection token of a domain app's database, as the role of the app. */
export const DATABASE = Symbol('database');

/** Injection token of the aliases that the app's models follow. */
export const ALIASES = Symbol('aliases');
