import { parseJson } from '../../../core/parse-json.ts';
import { readUserFile } from '../../cli/read-user-file.ts';
import type { Shell } from '../../cli/shell.ts';

/** The field of the config with the version of the signing keys to deploy. */
const field = 'signingKeysVersion';

/** Whether the file names the version now. If not, prints what to do. */
export function writeKeysVersion(file: string, versionId: string, shell: Shell): boolean {
  const text = readUserFile(file, shell);
  if (text === undefined) return false;
  const changed = withField(text, field, versionId);
  try {
    if (changed !== text) shell.writeFile(file, changed);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    shell.error(`${file}: cannot be written (${code ?? message}): set "${field}" to "${versionId}" in it by hand`);
    return false;
  }
}

/** `text` is a JSON object. Only this field changes: the person's own layout stays. */
export function withField(text: string, name: string, value: string): string {
  const wanted = JSON.stringify({ ...JSON.parse(text), [name]: value });
  const entry = `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const replaced = text.replace(new RegExp(`${JSON.stringify(name)}\\s*:\\s*"[^"]*"`), entry);
  const appended = text.replace(
    /(\S)\s*\}\s*$/,
    (_, last: string) => `${last}${last === '{' ? '' : ','}\n  ${entry}\n}\n`,
  );
  const isMeant = (candidate: string) => JSON.stringify(parseJson(candidate)) === wanted;
  return [replaced, appended].find(isMeant) ?? `${JSON.stringify(JSON.parse(wanted), null, 2)}\n`;
}
