const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads a duration as people write it: `250ms`, `10s`, `2m`, `1h`. Undefined when the text is no duration. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text);
  const factor = unitMs[match?.[2] ?? ''];
  return factor === undefined ? undefined : Math.round(Number(match?.[1]) * factor);
}
