/** https://www.rfc-editor.org/rfc/rfc9110.html#name-field-names */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const unsafeCharacters = /[^\x20-\x7e]/gu;

/** The core makes safe replies. This holds even where the core errs: no header can end another one. */
export function safeHeaders(headers: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(headers)
    .filter(([name]) => headerName.test(name))
    .map(([name, value]) => [name, value.replace(unsafeCharacters, percentEncoded)]);
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
