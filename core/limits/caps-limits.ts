/** The limits of caps. Code reads them as part of `limits` (limits.ts). */
export const capsLimits = {
  caps: {
    /** How often `track` reads the object of closed caps, beside requests. */
    refreshIntervalMs: 20_000,
    /** For one read of one object. */
    readBudgetMs: 1_000,
    /** When the own region's figures are older, the peer's object is read too. */
    staleMs: 180_000,
    /** An object with figures from further in the future is damaged. */
    aheadMs: 300_000,
    /** An entry has about 70 bytes. So 100,000 closed or open hard caps have room. */
    objectBytesMax: 8_000_000,
    /** Of a cap, when `network.cap_alert_percent` is absent. */
    alertPercent: 90,
    /** Unpacked size of the object with the counts of all caps. An entry has about 150 bytes. */
    countsBytesMax: 64_000_000,
    /** A region that has not heard its peer for so long keeps to its share of what is left. */
    peerSilentMs: 300_000,
    /** Until then the peer's silence means nothing: its object is written once a minute. */
    peerHeardMs: 120_000,
    /** An open hard cap stays open for so long after its count, whatever the pace. The next object is there by then. */
    openLeastMs: 120_000,
    /** An open hard cap that lasts longer has no entry in the object of closed caps. */
    openKnownMs: 86_400_000,
    /** So long before a period ends, hard caps also get an entry for the next period. */
    nextPeriodMs: 10_800_000,
    /** A cap with fewer clicks in the last quarters of an hour is shared out as the whole network's traffic. */
    shareClicksMin: 20,
    /** How long a run of `stats` may take for the caps, after folding. */
    runMs: 20_000,
    /** For one read and one write of an object about caps. The peer's bucket may be dead. */
    callBudgetMs: 3_000,
    /** How often the figures of an hour are looked at that `stats` no longer folds: decisions change them. */
    olderHoursMs: 300_000,
    /** Days whose sums the ledger may still owe. Their hours are counted one by one. */
    openDaysMax: 4,
  },
} as const;
