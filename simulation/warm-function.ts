import type { SimulatedInvocation } from './environment.ts';
import { createFunction, type FunctionOptions, type WorldFunction } from './world.ts';

/** Starts a handler in a new environment. */
export type StartHandler<Event, Result> = (
  ports: WorldFunction,
) => (event: Event, remainingMs: number) => Promise<Result>;

export type WarmFunction<Event, Result> = (
  event: Event,
  options?: Omit<FunctionOptions, 'world' | 'home' | 'functionName'>,
) => Promise<SimulatedInvocation<Result>>;

/**
 * A function with the environments that are warm. Each serves one invocation at a time, and keeps what its handler
 * remembers. One that dies is not used again.
 */
export function warmFunction<Event, Result>(
  fixed: FunctionOptions,
  timeoutMs: number,
  start: StartHandler<Event, Result>,
): WarmFunction<Event, Result> {
  const startOne = (options: Partial<FunctionOptions>) => {
    const ports = createFunction({ ...fixed, ...options });
    return { environment: ports.environment, handle: start(ports) };
  };
  const warm: ReturnType<typeof startOne>[] = [];
  return async (event, options = {}) => {
    const isMortal = options.diesAtStep !== undefined;
    const one = (isMortal ? undefined : warm.pop()) ?? startOne(options);
    const run = await one.environment.invoke(timeoutMs, () => one.handle(event, timeoutMs));
    if (run.kind === 'returned' && !isMortal) warm.push(one);
    return run;
  };
}
