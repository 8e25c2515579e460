import { compareTexts } from '../event/event.ts';

/**
 * Which conversions and clicks are over a hard cap. Entries take places in their order. An entry takes places when every
 * cap that is stamped on it has room for it. Otherwise the entry is over, and takes no place. So the result follows from
 * the entries alone, and not from the order in which they arrive. docs/decisions/0021
 */

/** A conversion, or clicks of one row and minute that are alike. */
export interface CapEntry {
  /** Entries take places in the order of these texts. Each entry has its own. */
  readonly order: string;
  /** At least 1. */
  readonly count: bigint;
  readonly claims: readonly Claim[];
}

/** What each conversion or click of an entry takes of a cap. */
export interface Claim {
  /** Which cap, and in which currency if it limits money. */
  readonly cap: string;
  /** The limit at the time of capture. It can differ from entry to entry. */
  readonly limit: bigint;
  /** Not below 0. What takes nothing always fits. */
  readonly amount: bigint;
  /** What is taken already besides the other entries: earlier in the cap's period, or captured without a stamp. */
  readonly taken: bigint;
}

export interface PlacedEntry<Entry extends CapEntry> {
  readonly entry: Entry;
  /** How many of the entry fit: 0 to `count`. */
  readonly fitting: bigint;
  /** The caps that lack room for the rest. */
  readonly full: readonly string[];
}

/** In the order of the entries. */
export function overCap<Entry extends CapEntry>(entries: Iterable<Entry>): readonly PlacedEntry<Entry>[] {
  const taken = new Map<string, bigint>();
  const sorted = [...entries].sort((one, other) => compareTexts(one.order, other.order));
  return sorted.map((entry) => {
    const rooms = entry.claims.map((claim) => roomFor(claim, taken.get(claim.cap) ?? 0n, entry.count));
    const fitting = rooms.reduce((least, room) => (room < least ? room : least), entry.count);
    for (const { cap, amount } of entry.claims) taken.set(cap, (taken.get(cap) ?? 0n) + fitting * amount);
    const full = entry.claims.filter((_, index) => (rooms[index] ?? 0n) < entry.count).map(({ cap }) => cap);
    return { entry, fitting, full };
  });
}

/** How many of `count` the cap has room for. */
function roomFor({ limit, amount, taken }: Claim, takenByEntries: bigint, count: bigint): bigint {
  if (amount === 0n) return count;
  const left = limit - taken - takenByEntries;
  if (left < amount) return 0n;
  const fitting = left / amount;
  return fitting < count ? fitting : count;
}
