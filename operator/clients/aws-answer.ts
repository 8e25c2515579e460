import { answerText } from '../../core/call-outcome.ts';

/** The outcome of an AWS SDK call, for commands that report a failure and go on. */
export type AwsAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** `code` is the error code of the service or the system. `reason` is a few words for people. */
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string };

interface SdkError extends NodeJS.ErrnoException {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Never throws: a failed call is worth a line to the operator and no stack trace. */
export async function awsAnswer<T>(call: () => Promise<T>): Promise<AwsAnswer<T>> {
  try {
    return { kind: 'ok', value: await call() };
  } catch (error) {
    const { name, code = name, $metadata } = error as SdkError;
    const status = $metadata?.httpStatusCode;
    if (status !== undefined) return { kind: 'failed', code: name, reason: answerText({ status, code: name }) };
    return { kind: 'failed', code, reason: answerText({ status: 0, code }) };
  }
}
