import type { Answer, Fetched } from '../../core/ports.ts';

interface Output {
  readonly $metadata: { readonly httpStatusCode?: number | undefined };
}

/** Thrown in the depth of a call, to end it with this answer. */
export class CallFailure extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answer.code);
    this.answer = answer;
  }
}

/**
 * One call of a service that ends within `budgetMs`, whatever the client does. The signal closes the connection. Never
 * throws. Ignores what comes after the end.
 */
export function callWithin<T>(budgetMs: number, call: (signal: AbortSignal) => Promise<T>): Promise<Fetched<T>> {
  const controller = new AbortController();
  // Without a reason it makes a DOMException, which costs the first call of an environment some ms.
  return endedWithin(
    budgetMs,
    () => call(controller.signal),
    () => controller.abort('the call has ended'),
  );
}

/**
 * The same for a call that `close` ends when it has failed or its time is over. The result does not wait for parts that
 * cannot be closed, for example credentials.
 *
 * When the time is over, what already lies in the socket is read once more. After a freeze every timer is overdue, and
 * an answer that came meanwhile would lose against it.
 */
export function endedWithin<T>(budgetMs: number, call: () => Promise<T>, close: () => void): Promise<Fetched<T>> {
  return new Promise((resolve) => {
    const end = (result: Fetched<T>) => {
      clearTimeout(timer);
      if (result.kind === 'failed') close();
      resolve(result);
    };
    const timer = setTimeout(() => setImmediate(end, timeout), budgetMs);
    started(call).then(end);
  });
}

async function started<T>(call: () => Promise<T>): Promise<Fetched<T>> {
  try {
    return { kind: 'ok', value: await call() };
  } catch (error) {
    return { kind: 'failed', answer: answerOfError(error) };
  }
}

const timeout: Fetched<never> = { kind: 'failed', answer: { status: 0, code: 'Timeout' } };

/** For calls whose answer is all that matters. */
export function answerOf(result: Fetched<Output>): Answer {
  return result.kind === 'ok' ? { status: result.value.$metadata.httpStatusCode ?? 200, code: '' } : result.answer;
}

/**
 * An error is an answer only when the service gave it as one. A 2xx that could not be read proves nothing: it becomes
 * "no answer" and never a success.
 */
function answerOfError(error: unknown): Answer {
  if (error instanceof CallFailure) return error.answer;
  const { name, code, $metadata } = error as { name?: unknown; code?: unknown; $metadata?: Output['$metadata'] };
  const status = $metadata?.httpStatusCode ?? 0;
  if (status >= 300) return { status, code: textOf(name) };
  return { status: 0, code: textOf(code ?? name) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : 'Unknown';
}
