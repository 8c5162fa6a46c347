/** Why a generator writes nothing: the thing, what was expected and what is there, and what to do. */
export function refuse(thing: string, why: string, advice: string): Error {
  return new Error(`${thing}: ${why}. ${advice}`);
}
