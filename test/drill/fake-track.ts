import type { TrackedEvent } from '../../core/event/event.ts';
import { uuidV7 } from '../../core/event/uuid.ts';
import type { Clock } from '../../core/ports.ts';
import type { SendResult } from '../../drill/load/sender.ts';
import type { LoadType } from '../../drill/load/sent-record.ts';

/** Mints events as one environment of `track` does. */
export function eventMint(clock: Clock, region = 'us-east-1', env = 'env-1'): (type: LoadType) => TrackedEvent {
  let seq = 0;
  return (type) => {
    seq += 1;
    const atMs = Math.floor(clock.nowMs());
    const bytes = new Uint8Array(10);
    new DataView(bytes.buffer).setUint32(6, seq);
    bytes[5] = env.length;
    return { v: 1, id: uuidV7(atMs, bytes), type, at: atMs, region, env, seq };
  };
}

export function loadTypeOf(path: string): LoadType {
  if (path.startsWith('/aff_c')) return 'click';
  return path.startsWith('/aff_i') ? 'impression' : 'conversion';
}

/** The answer of `track` when `rung` took the event. A click's redirect has a transaction id. */
export function acknowledgement(event: TrackedEvent, rung = 'intake-home'): SendResult {
  const headers = { 'x-keeptrack-captured': rung, 'x-keeptrack-event': event.id };
  if (event.type !== 'click') return { status: 200, error: '', headers, body: 'success=true;' };
  const location = `https://shop.example.com/?tid=${transactionIdOf(event)}`;
  return { status: 302, error: '', headers: { ...headers, location }, body: '' };
}

export function refusal(status: number, headers: Readonly<Record<string, string>> = {}): SendResult {
  return { status, error: status === 0 ? 'ECONNRESET' : '', headers, body: '' };
}

export function transactionIdOf({ seq }: TrackedEvent): string {
  return `AQ${String(seq).padStart(34, '0')}`;
}
