/** Runs `work` several times; least and median wall time, median CPU time (all threads), all in ms, and the last result. */
export function timed(repeats, work) {
  const wall = [];
  const cpu = [];
  let result;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const before = process.cpuUsage();
    const start = performance.now();
    result = work();
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  return { least: Math.min(...wall), median: median(wall), cpu: median(cpu), first: wall[0], result };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
