const escapes = /(?:%[0-9a-f]{2})+/gi;
const loneSurrogates = /[\ud800-\udfff]/gu;

/** Decodes well-formed escapes, and `+` as a space. The rest stays: `100%`, or `%E4` from a Latin-1 page. */
export function decodeTolerantly(raw: string): string {
  if (!raw.includes('%') && !raw.includes('+')) return raw;
  return raw.replaceAll('+', ' ').replace(escapes, decodeRun);
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

/** Encodes a value for any place behind the host of a URL. Never throws. */
export function encodeValue(value: string): string {
  return encodeURIComponent(wellFormed(value));
}

/** The first `charactersMax` characters. Half a surrogate pair becomes U+FFFD, because some JSON readers reject it. */
export function cutText(text: string, charactersMax: number): string {
  return wellFormed(text.length > charactersMax ? text.slice(0, charactersMax) : text);
}

function wellFormed(text: string): string {
  return text.replace(loneSurrogates, '\ufffd');
}
