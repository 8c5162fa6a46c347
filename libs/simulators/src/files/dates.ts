/** Day number `day` after `firstDay`, as `YYYY-MM-DD`. */
export function dayOf(firstDay: string, day: number): string {
  return new Date(Date.parse(`${firstDay}T00:00:00Z`) + day * 86_400_000).toISOString().slice(0, 10);
}
