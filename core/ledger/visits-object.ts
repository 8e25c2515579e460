import { parseJson } from '../parse-json.ts';
import { digestOf } from './object-keys.ts';
import { sliceOfWord } from './slices.ts';
import type { Visits } from './visits.ts';
import { WordTable } from './word-table.ts';

/**
 * An object with the visitors who clicked in an hour, for the unique visitors of its day. It is a line of JSON
 * (`[[offer, affiliate, visitors], …]`) and then, for each entry, its visitors in order, 8 bytes of a hash each. With a
 * million visitors of an offer and affiliate, two have the same hash in 1 of 37 million days.
 */
export interface VisitsObject {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export function visitsObject(visits: Visits): VisitsObject {
  const groups = groupsOf(visits);
  const header = `${JSON.stringify(groups.map(({ offerId, affiliateId, hashes }) => [offerId, affiliateId, hashes.length]))}\n`;
  const bodies = groups.map(({ hashes }) => new Uint8Array(hashes.buffer));
  return { digest: digestOf([header, ...bodies]), bytes: Buffer.concat([Buffer.from(header), ...bodies]) };
}

interface Group {
  readonly offerId: number;
  readonly affiliateId: number;
  readonly hashes: BigUint64Array;
}

/** Rows of an offer and affiliate that differ in region or currency share their visitors. */
function groupsOf(visits: Visits): readonly Group[] {
  const owners = new Map<string, { offerId: number; affiliateId: number; hashes: bigint[] }>();
  const ofRow = visits.rows.map(({ offerId, affiliateId }) => {
    const name = `${offerId}#${affiliateId}`;
    const owner = owners.get(name) ?? { offerId, affiliateId, hashes: [] };
    owners.set(name, owner);
    return owner;
  });
  for (const { high, low, row } of visits.visits()) ofRow[row]?.hashes.push((BigInt(high) << 32n) | BigInt(low));
  return [...owners.values()]
    .filter(({ hashes }) => hashes.length > 0)
    .sort((left, right) => left.offerId - right.offerId || left.affiliateId - right.affiliateId)
    .map((owner) => ({ ...owner, hashes: BigUint64Array.from(owner.hashes).sort() }));
}

export interface DayUnique {
  readonly offerId: number;
  readonly affiliateId: number;
  readonly visitors: number;
}

/** Counts the different visitors of a day, or of one slice of them. */
export class DayVisits {
  readonly #seen = new WordTable(0);
  readonly #owners = new Map<string, { readonly offerId: number; readonly affiliateId: number; visitors: number }>();
  readonly #slice: number;
  readonly #of: number;

  constructor(slice: number, of: number) {
    this.#slice = slice;
    this.#of = of;
  }

  /** Adds the object of one hour. False when the bytes are no such object. */
  add(bytes: Uint8Array): boolean {
    const end = bytes.indexOf(0x0a);
    const groups = parseHeader(Buffer.from(bytes.subarray(0, Math.max(0, end))).toString());
    const words = new DataView(bytes.buffer, bytes.byteOffset + end + 1, bytes.byteLength - end - 1);
    if (groups === undefined || words.byteLength !== 8 * groups.reduce((sum, [, , count]) => sum + count, 0))
      return false;
    let at = 0;
    for (const [offerId, affiliateId, count] of groups) {
      this.#addGroup(offerId, affiliateId, words, at, count);
      at += 8 * count;
    }
    return true;
  }

  uniques(): readonly DayUnique[] {
    return [...this.#owners.values()].filter(({ visitors }) => visitors > 0);
  }

  #addGroup(offerId: number, affiliateId: number, words: DataView, from: number, count: number): void {
    const name = `${offerId}#${affiliateId}`;
    const owner = this.#owners.get(name) ?? { offerId, affiliateId, visitors: 0 };
    this.#owners.set(name, owner);
    const key = Uint32Array.of(0, 0, offerId, affiliateId);
    for (let at = from; at < from + 8 * count; at += 8) {
      key[0] = words.getUint32(at + 4, true);
      key[1] = words.getUint32(at, true);
      if (sliceOfWord(key[0] ?? 0, this.#of) === this.#slice && this.#seen.place(key).isNew) owner.visitors += 1;
    }
  }
}

type Header = readonly (readonly [offerId: number, affiliateId: number, count: number])[];

function parseHeader(text: string): Header | undefined {
  const value = parseJson(text);
  const isHeader =
    Array.isArray(value) && value.every((group) => Array.isArray(group) && group.every(Number.isSafeInteger));
  return isHeader ? (value as unknown as Header) : undefined;
}
