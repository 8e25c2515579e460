import path from 'node:path';

/**
 * The path of a key's object in a folder: the key itself, with percent-encoding for characters that a file system
 * cannot hold or that lead out of the folder. Different keys have different paths.
 */
export function pathOfKey(key: string): string {
  return path.join(...key.split('/').map(encodeName));
}

/**
 * Matches the characters to encode. Every usual file system can hold the ones listed here. `%` is not listed, so that no
 * key equals the encoded path of another one.
 */
const plain = /[^A-Za-z0-9 !#$&'()+,;=@^_{}~.\-\u00a1-\ud7ff\uf900-\uffef]/gu;

function encodeName(name: string): string {
  if (name === '') return '%';
  // A leading dot would hide the file, or make the name `.` or `..`. Some systems drop a dot or a space at the end.
  return name.replace(plain, encodeBytes).replace(/^\.|[. ]$/, encodeBytes);
}

function encodeBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
