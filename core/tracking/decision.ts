import type { ClosedCapsIndex } from '../caps/closed-caps.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { EventFields, TrackedType } from '../event/event.ts';
import type { Privacy } from '../event/privacy.ts';
import type { SigningKeys } from '../event/transaction-id.ts';
import type { Random } from '../ports.ts';

/**
 * The border between core/tracking, which knows what a link means, and lambda/track, which acts. A request goes in and
 * a decision comes out. Nothing is captured before that.
 */

export interface TrackRequest {
  readonly method: string;
  /** For example `/aff_c`. */
  readonly path: string;
  /**
   * Without the `?`. As sent through the HTTP API. Through a load balancer, values and names are as sent, and the order
   * is that of input/grouped-query.ts.
   */
  readonly rawQuery: string;
  /** The posted body as text: parameters in the form that `contentType` names. Absent when empty. */
  readonly body?: string;
  readonly contentType?: string;
  readonly userAgent: string;
  /** `Sec-Purpose` and the older headers of that kind, joined by commas. Absent when there is none. */
  readonly purpose?: string;
  readonly referer: string;
  readonly ip: string;
  /** The tracking name that the client asked. In lower case and without a port. Absent for every other name. */
  readonly host?: string;
  /** The request came in over port 80, so everybody on its way could read it. */
  readonly isOverHttp?: true;
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
  readonly type: TrackedType;
  readonly fields: EventFields;
}

export type Decision =
  /** `reply` goes out once the event is captured. Clicks, impressions and previews get it even when capture fails. */
  | { readonly kind: 'capture'; readonly draft: EventDraft; readonly reply: Reply }
  /** There is no such path, or the request exceeds a limit. Nothing is captured; `reason` is counted in a metric. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly reply: Reply }
  | { readonly kind: 'health' }
  /** The request asks whether `region`, normally the peer, is to be drained. */
  | { readonly kind: 'drained'; readonly region: string };

/** Everything that a decision depends on besides the request: equal requests in equal contexts get equal decisions. */
export interface TrackContext {
  readonly catalog: Catalog;
  /** Empty when no object of closed caps was ever read. */
  readonly closedCaps: ClosedCapsIndex;
  readonly nowMs: number;
  readonly random: Random;
  /** The region that this runs in, for example `us-east-1`. */
  readonly region: string;
  readonly keys: SigningKeys;
  readonly privacy: Privacy;
  /** The day of the network's time zone at a time, `2026-11-23`: the same for equal times. */
  readonly dayOf: (timeMs: number) => string;
}
