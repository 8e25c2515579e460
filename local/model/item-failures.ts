/**
 * Reads from a function's answer which messages of a batch failed. With `ReportBatchItemFailures`, an answer of an
 * unknown shape fails the whole batch. An empty answer fails no message.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedItems(payload: string, ids: readonly string[]): ReadonlySet<string> {
  const all = new Set(ids);
  const reported = reportedItems(payload);
  if (reported === 'not-understood') return all;
  const failed = new Set<string>();
  for (const item of reported) {
    const id = identifierOf(item);
    if (id === undefined || !all.has(id)) return all;
    failed.add(id);
  }
  return failed;
}

function reportedItems(payload: string): readonly unknown[] | 'not-understood' {
  const answer = parse(payload);
  if (answer === null) return [];
  if (typeof answer !== 'object') return 'not-understood';
  const items = (answer as { batchItemFailures?: unknown }).batchItemFailures ?? [];
  return Array.isArray(items) ? items : 'not-understood';
}

/** The payload is empty when a function returns nothing. */
function parse(payload: string): unknown {
  if (payload === '') return null;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function identifierOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { itemIdentifier } = item as { itemIdentifier?: unknown };
  return typeof itemIdentifier === 'string' ? itemIdentifier : undefined;
}
