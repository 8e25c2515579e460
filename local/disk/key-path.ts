import path from 'node:path';

/**
 * Where the object of a key lies in a folder: as it reads, but for what a file system cannot hold or what would lead
 * out of the folder, which is percent-encoded. Different keys have different paths.
 */
export function pathOfKey(key: string): string {
  return path.join(...key.split('/').map(encodeName));
}

/** Kept on every file system in use; `%` is not among them, so that an encoded name is nobody else's. */
const plain = /[^A-Za-z0-9 !#$&'()+,;=@^_{}~.\-\u00a1-\ud7ff\uf900-\uffef]/gu;

function encodeName(name: string): string {
  if (name === '') return '%';
  // A leading dot would hide the file, or be `.` or `..`; some systems drop a dot or a space at the end.
  return name.replace(plain, encodeBytes).replace(/^\.|[. ]$/, encodeBytes);
}

function encodeBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
