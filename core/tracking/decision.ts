import type { EventFields, EventType } from '../event/event.ts';

/**
 * The seam between what a link means (core/tracking) and what becomes of it (lambda/track): a request goes in, a
 * decision comes out, and only then is anything captured.
 */

export interface TrackRequest {
  readonly method: string;
  /** For example `/aff_c`. */
  readonly path: string;
  /** As sent, without the `?`. */
  readonly rawQuery: string;
  /** What was posted, as text: parameters like a query's, in the form that `contentType` says. Absent when empty. */
  readonly body?: string;
  readonly contentType?: string;
  readonly userAgent: string;
  /** What `Sec-Purpose` and its older relatives say, joined by commas; absent when there is none. */
  readonly purpose?: string;
  readonly referer: string;
  readonly ip: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body is base64 of bytes (the 1x1 image). */
  readonly base64?: boolean;
}

/** An event before it is stamped with id, time, region, environment and number. */
export interface EventDraft {
  readonly type: EventType;
  readonly fields: EventFields;
}

export type Decision =
  /** `reply` is sent when the event was captured; clicks, impressions and previews get it in any case. */
  | { readonly kind: 'capture'; readonly draft: EventDraft; readonly reply: Reply }
  /** Nothing to capture: no such path, or a request beyond our limits; `reason` is counted. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly reply: Reply }
  | { readonly kind: 'health' }
  /** Asked whether this region shall be left. */
  | { readonly kind: 'drained'; readonly region: string };
