/** How a call of the AWS SDK ended, for commands that report it and go on. */
export type AwsAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** `code`: the service's or the system's error code; `reason`: a few words for people. */
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string };

interface SdkError extends NodeJS.ErrnoException {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Never throws: a failed call is worth a line to the operator and no stack trace. */
export async function awsAnswer<T>(call: () => Promise<T>): Promise<AwsAnswer<T>> {
  try {
    return { kind: 'ok', value: await call() };
  } catch (error) {
    const { name, code = name, message, $metadata } = error as SdkError;
    const status = $metadata?.httpStatusCode;
    if (status !== undefined) return { kind: 'failed', code: name, reason: `${status} ${name}` };
    // Without credentials there is no code, and the message says where the SDK looked.
    return { kind: 'failed', code, reason: code === 'CredentialsProviderError' ? message : code };
  }
}
