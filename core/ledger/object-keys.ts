import { hourName, hourPrefix } from '../log/log-key.ts';

/**
 * Where the ledger keeps what it made, in the log's own bucket: `ledger/dt=2026-11-23/hr=05/r0000003.json` is the
 * manifest of an hour's third revision; everything else is named by its content, and manifests say what is theirs.
 */

/** What the keys of an hour begin with; manifests are those that go on with `r`. */
function ledgerPrefix(hourStartMs: number): string {
  return hourPrefix(hourStartMs).replace(/^log\//, 'ledger/');
}

/** Of all hours of a day (UTC, `2026-11-23`). */
export function ledgerDayPrefix(day: string): string {
  return `ledger/dt=${day}/`;
}

const manifestShape = /^(ledger\/dt=\d{4}-\d{2}-\d{2}\/hr=\d{2}\/)r\d{7}\.json$/;

/** What the keys of its hour begin with; undefined when the key is no manifest's. */
export function hourOfManifest(key: string): string | undefined {
  return manifestShape.exec(key)?.[1];
}

export function manifestPrefix(hourStartMs: number): string {
  return `${ledgerPrefix(hourStartMs)}r`;
}

/** Seven digits: more revisions than an hour can get in its life, and the last one in order is the latest. */
export function manifestKey(hourStartMs: number, revision: number): string {
  return `${manifestPrefix(hourStartMs)}${String(revision).padStart(7, '0')}.json`;
}

/** Final rows as NDJSON; `digest` is that of the rows, so that equal figures are one object. */
export function figuresKey(hourStartMs: number, digest: string): string {
  return `${ledgerPrefix(hourStartMs)}figures-${digest}.ndjson.gz`;
}

/** Who clicked in the hour (visits-object.ts). */
export function visitsKey(hourStartMs: number, digest: string): string {
  return `${ledgerPrefix(hourStartMs)}visits-${digest}.bin`;
}

/** Which conversions the hour counts, by their keys. */
export function countedKey(hourStartMs: number, digest: string): string {
  return `${ledgerPrefix(hourStartMs)}counted-${digest}.ndjson.gz`;
}

/** Which segments a revision was made of. */
export function segmentIdsKey(hourStartMs: number, digest: string): string {
  return `${ledgerPrefix(hourStartMs)}segments-${digest}.bin`;
}

/** Partial results of an hour that takes several runs; nobody needs them when it is final, and they expire. */
export const workPrefix = 'ledger/work/';

/** `plan` names what was to be read, for which revision and in how many parts. */
export function partKey(hourStartMs: number, plan: string, part: number, piece: string): string {
  return `${workPrefix}${hourName(hourStartMs)}/${plan}/part-${String(part).padStart(4, '0')}-${piece}`;
}
