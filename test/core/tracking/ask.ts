import { readFileSync } from 'node:fs';
import type { Catalog, CatalogContent } from '../../../core/catalog/catalog.ts';
import { makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';
import { dayIn } from '../../../core/config/time-zone.ts';
import type { EventFields, TrackedType } from '../../../core/event/event.ts';
import { decide } from '../../../core/tracking/decide.ts';
import type { Decision, Reply, TrackContext, TrackRequest } from '../../../core/tracking/decision.ts';

export const keys = { signing: 'a1'.repeat(32), accepted: 'b2'.repeat(32) };
export const nowMs = Date.UTC(2026, 10, 23, 5, 4, 3, 210);

export const sampleCatalog = catalogFrom(readFileSync('examples/catalog.yaml', 'utf8'));

export function catalogFrom(yaml: string): Catalog {
  return catalogOf(contentFrom(yaml));
}

export function contentFrom(yaml: string): CatalogContent {
  const validated = validateCatalog(yaml);
  if (validated.kind === 'invalid') throw new Error(validated.problems.join('\n'));
  return validated.content;
}

function catalogOf(content: CatalogContent): Catalog {
  const parsed = parseSnapshot(makeSnapshot(content).text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return parsed.catalog;
}

export function contextOf(overrides: Partial<TrackContext> = {}): TrackContext {
  let drawn = 0;
  const random = { bytes: (length: number) => Uint8Array.from({ length }, () => drawn++ % 256) };
  const privacy = { clientAddress: 'full', userAgent: 'full' } as const;
  const closedCaps = new Map();
  const made = {
    catalog: sampleCatalog,
    closedCaps,
    nowMs,
    random,
    region: 'us-west-2',
    keys,
    privacy,
    dayOf: dayIn('UTC'),
  };
  return { ...made, ...overrides };
}

export function requestOf(link: string, overrides: Partial<TrackRequest> = {}): TrackRequest {
  const [path = '', ...query] = link.split('?');
  return {
    method: 'GET',
    path,
    rawQuery: query.join('?'),
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
    referer: 'https://blog.example.com/',
    ip: '203.0.113.7',
    ...overrides,
  };
}

export function ask(link: string, request: Partial<TrackRequest> = {}, context: Partial<TrackContext> = {}): Decision {
  return decide(requestOf(link, request), contextOf(context));
}

export interface Captured {
  readonly type: TrackedType;
  readonly fields: EventFields;
  readonly reply: Reply;
}

/** What a link that must be captured came to. */
export function captured(
  link: string,
  request: Partial<TrackRequest> = {},
  context: Partial<TrackContext> = {},
): Captured {
  const decision = ask(link, request, context);
  if (decision.kind !== 'capture') throw new Error(`${link} was not captured but ${JSON.stringify(decision)}`);
  return { ...decision.draft, reply: decision.reply };
}

export function locationOf({ reply }: Captured): string {
  return reply.headers['location'] ?? `status ${reply.status}`;
}
