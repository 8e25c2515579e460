import { existsSync, readFileSync } from 'node:fs';

const file = '/proc/stat';

/**
 * The share of this machine's CPU time, 0 to 1, that the hypervisor gave to other machines since `mark`. Undefined
 * where the system does not report it. A p99 shows little else when this share is high.
 */
export function stolenSince(mark: CpuMark): number | undefined {
  const now = markCpu();
  return mark && now ? (now.stolen - mark.stolen) / Math.max(1, now.all - mark.all) : undefined;
}

/** Ticks since the system started; undefined where the file does not exist. */
export type CpuMark = { readonly all: number; readonly stolen: number } | undefined;

/** https://man7.org/linux/man-pages/man5/proc_stat.5.html: user nice system idle iowait irq softirq steal */
export function markCpu(): CpuMark {
  if (!existsSync(file)) return undefined;
  const [total = ''] = readFileSync(file, 'utf8').split('\n');
  const ticks = total.split(/\s+/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, one) => sum + one, 0), stolen: ticks[7] ?? 0 };
}
