/** Both ends are part of it. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * One range of bytes, as `bytes=0-9`, `bytes=10-` or `bytes=-5`. What is not one of these is left unheeded, as HTTP
 * says: https://www.rfc-editor.org/rfc/rfc9110#name-range
 */
export function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') return range(Math.max(0, sizeBytes - Number(to)), sizeBytes - 1);
  if (to !== '' && Number(to) < Number(from)) return undefined;
  return range(Number(from), to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1));
}

function range(first: number, last: number): ByteRange | 'unsatisfiable' {
  return first <= last ? { first, last } : 'unsatisfiable';
}
