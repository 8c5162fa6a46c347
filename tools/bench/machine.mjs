import { cpus, loadavg, totalmem } from 'node:os';

/** What figures are worth something with: Node, processors, memory, and what else was going on. */
export function machine() {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `Node ${process.versions.node}, ${cpus().length} x ${first?.model ?? 'unknown'}, ${memory}, load ${loadavg()[0].toFixed(1)}`;
}
