/** A postback that is ready to be sent. */
export interface PostbackRequest {
  readonly method: 'GET' | 'POST';
  /** An http or https URL. Its macros are expanded. */
  readonly url: string;
  /** The form of a POST, encoded as `application/x-www-form-urlencoded`. */
  readonly body?: string;
  /** The same at every attempt. The partner also gets it as a header. */
  readonly idempotencyId: string;
}

/** Why a postback is not sent at all. Only another URL helps, or another answer of the partner's DNS or server. */
export type PostbackRefusal =
  | 'bad-url'
  /** With the form of a POST. The values of the macros are too long. */
  | 'url-too-long'
  /** The name has an address that is not public, and so might be one of our own. */
  | 'private-address'
  | 'too-many-redirects'
  /** A redirect to something that is no http or https URL, or from https to http. */
  | 'bad-redirect';

/** Why an attempt failed that may succeed later. */
export type PostbackFailure =
  /** The partner's server answered, but not with 2xx. */
  | 'status'
  /** The name has no address. */
  | 'no-address'
  /** DNS did not answer, or answered with an error. */
  | 'dns-failed'
  | 'connection-refused'
  /** No address of the name could be reached. */
  | 'unreachable'
  | 'connection-lost'
  /** The certificate is not valid for the name. */
  | 'tls-failed'
  | 'timeout'
  /** The answer is not HTTP, or its headers are too long. */
  | 'bad-answer';

/** How one attempt ended. `ms` is its duration. */
export type PostbackOutcome =
  | { readonly kind: 'delivered'; readonly status: number; readonly ms: number }
  | { readonly kind: 'refused'; readonly why: PostbackRefusal; readonly ms: number }
  | {
      readonly kind: 'failed';
      readonly why: PostbackFailure;
      /** The HTTP status, if the server answered. */
      readonly status?: number;
      /** How long the server asks to wait, at most a day. */
      readonly retryAfterSeconds?: number;
      readonly ms: number;
    };

/** Sends one postback once. The attempt ends within `budgetMs`, with an outcome and never a throw. */
export type SendPostback = (request: PostbackRequest, budgetMs: number) => Promise<PostbackOutcome>;
