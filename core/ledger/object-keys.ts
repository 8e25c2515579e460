import { createHash } from 'node:crypto';
import { hourName, hourPrefix } from '../log/log-key.ts';

/**
 * Where the ledger keeps its objects: in the bucket of the log, under `ledger/`. For example,
 * `ledger/dt=2026-11-23/hr=05/r0000003.json` is the manifest of an hour's third revision. Every other object is named
 * by a digest of its content, and a manifest names the objects of its revision.
 */

/** What all keys of an hour begin with. A manifest's key goes on with `r`. */
function ledgerPrefix(hourStartMs: number): string {
  return hourPrefix(hourStartMs).replace(/^log\//, 'ledger/');
}

/** Of all hours of a day (UTC, `2026-11-23`). */
export function ledgerDayPrefix(day: string): string {
  return `ledger/dt=${day}/`;
}

const manifestShape = /^(ledger\/dt=\d{4}-\d{2}-\d{2}\/hr=\d{2}\/)r\d{7}\.json$/;

/** What all keys of the manifest's hour begin with. Undefined when the key is not that of a manifest. */
export function hourOfManifest(key: string): string | undefined {
  return manifestShape.exec(key)?.[1];
}

export function manifestPrefix(hourStartMs: number): string {
  return `${ledgerPrefix(hourStartMs)}r`;
}

/** Seven digits are more revisions than an hour ever gets. The latest revision is the last key in order. */
export function manifestKey(hourStartMs: number, revision: number): string {
  return `${manifestPrefix(hourStartMs)}${String(revision).padStart(7, '0')}.json`;
}

/** Final rows as NDJSON (figures-object.ts). `digest` is that of the rows, so equal figures are one object. */
export function figuresKey(hourStartMs: number, digest: string): string {
  return `${ledgerPrefix(hourStartMs)}figures-${digest}.ndjson.gz`;
}

/** Who clicked in the hour (visits-object.ts). */
export function visitsKey(hourStartMs: number, digest: string): string {
  return `${ledgerPrefix(hourStartMs)}visits-${digest}.bin`;
}

/** Which conversion the hour counts for each conversion key (counted-object.ts). */
export function countedKey(hourStartMs: number, digest: string): string {
  return `${ledgerPrefix(hourStartMs)}counted-${digest}.ndjson.gz`;
}

/** Which segments a revision was made of (segments-object.ts). */
export function segmentIdsKey(hourStartMs: number, digest: string): string {
  return `${ledgerPrefix(hourStartMs)}segments-${digest}.bin`;
}

/** Partial results of an hour that takes several runs. They expire; nobody needs them once the hour is final. */
export const workPrefix = 'ledger/work/';

/** `plan` names what was to be read, for which revision and in how many parts. */
export function partKey(hourStartMs: number, plan: string, part: number, piece: string): string {
  return `${workPrefix}${hourName(hourStartMs)}/${plan}/part-${String(part).padStart(4, '0')}-${piece}`;
}

/** 32 hex digits over the parts in their order. The length of each part counts, so `ab`, `c` differs from `a`, `bc`. */
export function digestOf(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest('hex').slice(0, 32);
}
