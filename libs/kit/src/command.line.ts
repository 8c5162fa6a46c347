/** How the command line is called from a checkout: what a hint or an error tells a reader to type. */
export const HAAT = 'npx haat';
