const escapes = /(?:%[0-9a-f]{2})+/gi;
const loneSurrogates = /[\ud800-\udfff]/gu;

/** Decodes what is well formed, `+` as a space too, and keeps the rest as it is: `100%`, `%E4` from a Latin-1 page. */
export function decodeTolerantly(raw: string): string {
  return raw.replaceAll('+', ' ').replace(escapes, decodeRun);
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

/** Encodes a value for any place behind the host of a URL; never throws. */
export function encodeValue(value: string): string {
  return encodeURIComponent(wellFormed(value));
}

/** The first `charactersMax` characters, without half a character at the end: JSON readers stumble over those. */
export function cutText(text: string, charactersMax: number): string {
  return wellFormed(text.length > charactersMax ? text.slice(0, charactersMax) : text);
}

function wellFormed(text: string): string {
  return text.replace(loneSurrogates, '\ufffd');
}
