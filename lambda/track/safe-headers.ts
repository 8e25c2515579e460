/** https://www.rfc-editor.org/rfc/rfc9110.html#name-field-names */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const isSafe = /^[\x20-\x7e]*$/;
const unsafeCharacters = /[^\x20-\x7e]/gu;

/** The core makes safe replies. This holds even where the core errs: no header can end another one. */
export function safeHeaders(headers: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  const safe: (readonly [string, string])[] = [];
  for (const header of Object.entries(headers)) {
    const [name, value] = header;
    if (!headerName.test(name)) continue;
    safe.push(isSafe.test(value) ? header : [name, value.replace(unsafeCharacters, percentEncoded)]);
  }
  return safe;
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
