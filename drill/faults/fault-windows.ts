import type { Fault } from '../../local/fault/fault.ts';

/** When a fault begins and ends, in ms after the load began. A fault without an end lasts as long as the load. */
export interface FaultWindow {
  readonly fault: Fault;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PlayedFault extends FaultWindow {
  /** How many calls and other actions the fault struck. */
  readonly strikes: number;
}

export function faultWindows(faults: readonly Fault[], durationMs: number): readonly FaultWindow[] {
  return faults.map((fault) => {
    const fromMs = fault.atMs ?? 0;
    return { fault, fromMs, toMs: Math.min(durationMs, fromMs + (fault.forMs ?? Number.POSITIVE_INFINITY)) };
  });
}

/** From the beginning of the first fault to the end of the last one; undefined without faults. */
export function troubledSpan(windows: readonly FaultWindow[]): { fromMs: number; toMs: number } | undefined {
  if (windows.length === 0) return undefined;
  return {
    fromMs: Math.min(...windows.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...windows.map(({ toMs }) => toMs)),
  };
}

/** For example `s3 in us-east-1 (PutObject): error 503 ServiceUnavailable`. */
export function faultText({
  service,
  region,
  actions,
  callers,
  effect,
  status,
  code,
  rate,
  delayMs,
  perSecond,
}: Fault): string {
  const only = [...(actions ?? []), ...(callers ?? []).map((caller) => `from ${caller}`)].join(', ');
  const how = [
    effect,
    status,
    code,
    delayMs === undefined ? undefined : `by ${delayMs} ms`,
    perSecond === undefined ? undefined : `above ${perSecond} a second`,
    rate === undefined ? undefined : `at ${Math.round(rate * 100)} %`,
  ];
  const where = region === undefined ? 'in both regions' : `in ${region}`;
  return `${service} ${where}${only && ` (${only})`}: ${how.filter((part) => part !== undefined).join(' ')}`;
}
