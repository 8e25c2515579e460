/** Alerts by the rules of the catalog (core/alerts/). */
export const alertLimits = {
  alerts: {
    rulesMax: 200,
    /** How many past weeks an hour is compared with. Weeks without figures are left out, but two must have some. */
    weeksMax: 4,
    weeksMin: 2,
    /** When a rule does not say from how many clicks and conversions on an hour tells anything. */
    clicksMin: 100,
    conversionsMin: 20,
    /** An hour is judged when figures have got this far beyond its end, so that events on their way are in it. */
    settleMs: 3 * 60_000,
    /** Figures that are older than this tell nothing. */
    figuresAgeMsMax: 10 * 60_000,
    /** An episode ends when the measure is this far back within its bound, so that it does not begin again at once. */
    marginPercent: 10,
    /** An episode that cannot be judged for so long ends without a word. */
    unknownMsMax: 24 * 3_600_000,
    /** How long ended episodes of caps, of postbacks and of rules that are gone stay in the state. */
    endedKeptMs: 7 * 24 * 3_600_000,
    /** Episodes in the state. When it is full of episodes that go on, no further one begins. */
    episodesMax: 10_000,
    /** How many alerts a message tells in full. It counts the others. */
    toldInFullMax: 50,
    /** How long the run that sends a message has for it. After that another run may send it again. */
    sendingMs: 5 * 60_000,
    publishBudgetMs: 5_000,
    getBudgetMs: 5_000,
    putBudgetMs: 5_000,
    /** For each call to the other region, which may be dead. */
    peerBudgetMs: 2_000,
    readsAtOnce: 16,
    /** How often the state is read again because another run was faster. */
    swapsMax: 3,
    stateBytesMax: 16 * 1_048_576,
  },
} as const;
