/** Of an expected refusal: the code of the Query protocol, the status, and the SDK's name for it. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: unknown; status: unknown; name: string }> {
  const error = await call.then(
    () => undefined,
    (reason: Error & { Code?: string; $metadata?: { httpStatusCode?: number } }) => reason,
  );
  if (!error) throw new Error('the call succeeded');
  return { code: error.Code, status: error.$metadata?.httpStatusCode, name: error.name };
}
