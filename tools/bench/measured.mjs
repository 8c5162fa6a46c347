/** What work answers, with seconds of wall time and of CPU of all threads, and most memory of the process so far, MiB. */
export async function measured(work) {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - started) / 1000;
  return { ...result, wall, cpu: (user + system) / 1e6, memory: process.resourceUsage().maxRSS / 1024 };
}
