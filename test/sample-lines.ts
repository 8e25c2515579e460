import { createHash } from 'node:crypto';
import { type EventFields, encodeLine } from '../core/event/event.ts';
import { uuidV7 } from '../core/event/uuid.ts';

/** 2026-11-23, 05:10 UTC. */
export const sampleMs = Date.UTC(2026, 10, 23, 5, 10);

/** The line of one click; another `seq` or time makes another id, the same ones always the same. */
export function sampleLine(seq: number, atMs = sampleMs, fields: EventFields = {}): string {
  const id = uuidV7(atMs, createHash('sha256').update(`${seq}`).digest());
  const event = { v: 1, id, type: 'click', at: atMs, region: 'us-east-1', env: 'e1', seq, offer_id: 15 } as const;
  return encodeLine({ ...event, ...fields });
}

export function sampleLines(count: number, atMs = sampleMs): readonly string[] {
  return Array.from({ length: count }, (_, index) => sampleLine(index + 1, atMs));
}

export function idOf(line: string): string {
  return (JSON.parse(line) as { id: string }).id;
}
