/** The limits of a postback and of one attempt to send it. Code reads them as part of `limits` (limits.ts). */
export const sendingLimits = {
  sending: {
    /** Postbacks of the catalog for one affiliate and offer. Each for all of them counts on its own. */
    postbacksPerPlaceMax: 5,
    /** Of a URL with its macros expanded, and with the form of a POST. Many servers refuse more. */
    urlCharactersMax: 8_192,
    /** For a whole attempt, from the first question to DNS to the status of the last answer. */
    attemptMs: 10_000,
    redirectsMax: 3,
    /** For one question to DNS. The second question of a look-up asks the next server. */
    dnsMs: 1_500,
    dnsTries: 2,
    /** For opening a connection to one address. TLS comes after it, inside the budget of the attempt. */
    connectMs: 3_000,
    /** How many addresses of a name are tried. */
    addressesMax: 3,
    /** The rest of an answer's body is not read. */
    bodyBytesMax: 16_384,
    /** How long the body is read. The status has decided the outcome before. */
    bodyMs: 1_000,
    /** Idle connections that stay open to one host for further postbacks, and for how long. */
    idleConnectionsPerHostMax: 32,
    idleMs: 4_000,
    retryAfterSecondsMax: 86_400,
  },
} as const;
