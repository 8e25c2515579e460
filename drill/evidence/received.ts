import type { LocalCloud } from '../../local/handle.ts';
import { postbackOfPath } from '../load/drill-postbacks.ts';

/** A postback that a partner of the drill got. */
export interface ReceivedPostback {
  readonly partner: string;
  readonly postbackId: number;
  readonly atMs: number;
  /** Undefined when the partner did not answer. */
  readonly status: number | undefined;
  /** Of the header. */
  readonly idempotencyId: string;
  /** Of the query or of the form. */
  readonly texts: Readonly<Record<string, string>>;
}

export function readReceived(cloud: LocalCloud): readonly ReceivedPostback[] {
  return cloud.partners().flatMap((partner) =>
    partner.requests().map(({ path, body, method, headers, status, atMs }) => ({
      partner: partner.label,
      postbackId: postbackOfPath(path),
      atMs,
      status,
      idempotencyId: headers['idempotency-key'] ?? '',
      texts: Object.fromEntries(
        new URLSearchParams(method === 'POST' ? body : new URL(path, 'http://partner').searchParams),
      ),
    })),
  );
}

/** The partner took it for told. */
export function isAccepted({ status = 0 }: ReceivedPostback): boolean {
  return status >= 200 && status < 300;
}
