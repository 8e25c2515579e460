import { readFileSync } from 'node:fs';
import { type LoggedEvent, ownRules } from '../../../core/event/event.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import {
  drawClick,
  drawConversion,
  drawImpression,
  drawRepeat,
  findTransactionId,
  type Link,
  pathOf,
  type Transaction,
} from '../../../drill/load/links.ts';
import { browserOf } from '../../../drill/load/sender.ts';
import type { SentRecord } from '../../../drill/load/sent-record.ts';
import { readCatalogText } from '../../../drill/oracle/catalog-text.ts';
import { captured } from '../../core/tracking/ask.ts';
import { adjustmentOf, decisionOf } from './operator-mint.ts';

export const exampleCatalog = readCatalogText(readFileSync('examples/catalog.yaml', 'utf8'));
const links = { catalog: exampleCatalog, day: '2026-11-23' };

export interface DrilledPlan {
  readonly seed: number;
  readonly rounds: number;
  /** The moment of the first round, and the time between two rounds. */
  readonly startMs: number;
  readonly intervalMs: number;
  /** The regions that capture the events, in turn. */
  readonly regions: readonly string[];
  /** The shares of rounds in which an operator decides, and adjusts. */
  readonly decides?: number;
  readonly adjusts?: number;
}

interface Drilled {
  /** The events that `track` makes of the links, in the order of sending. */
  readonly events: readonly LoggedEvent[];
  readonly records: readonly SentRecord[];
}

/** Each round has a click, an impression and a conversion. A third of the conversions report an earlier sale again. */
export function drilled(plan: DrilledPlan): Drilled {
  const { seed, rounds, startMs, intervalMs, regions, decides = 0, adjusts = 0 } = plan;
  const chance = seededChance(seed);
  const events: LoggedEvent[] = [];
  const records: SentRecord[] = [];
  const sold: { link: Link; transaction: Transaction }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const nowMs = startMs + round * intervalMs;
    const send = (link: Link, type: SentRecord['type']): string => {
      const region = regions[events.length % regions.length] ?? '';
      const sent = sentLink(link, type, {
        count: events.length,
        nowMs,
        region,
        visitor: 100 + Math.floor(chance() * 5),
      });
      events.push(sent.event);
      records.push(sent.record);
      return sent.record.transactionId;
    };
    const click = drawClick(links, chance);
    const transaction = { id: send(click, 'click'), click };
    send(drawImpression(links, chance), 'impression');
    const before = sold[Math.floor(chance() * sold.length)];
    if (before !== undefined && chance() < 1 / 3) {
      send(drawRepeat(before.link, before.transaction, links, chance), 'conversion');
    } else if (transaction.id !== '') {
      const link = drawConversion(transaction, links, chance);
      send(link, 'conversion');
      sold.push({ link, transaction });
    }
    const heard = events.filter(isHeard);
    const seen = heard[Math.floor(chance() * heard.length)];
    const saying = () => ({ nowMs, random: randomOf(events.length), chance });
    if (seen !== undefined && chance() < decides) events.push(decisionOf(seen, saying()));
    if (chance() < adjusts) events.push(adjustmentOf(saying()));
  }
  return { events, records };
}

interface Circumstances {
  readonly count: number;
  readonly nowMs: number;
  readonly region: string;
  readonly visitor: number;
}

/** An operator is shown conversions that Keeptrack did not refuse. */
function isHeard({ type, status, test }: LoggedEvent): boolean {
  return type === 'conversion' && status !== 'rejected' && test !== true;
}

function randomOf(count: number): Uint8Array {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(6, count);
  return random;
}

export function sentLink(link: Link, type: SentRecord['type'], { count, nowMs, region, visitor }: Circumstances) {
  const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => (count >> (8 * (at % 3))) & 0xff);
  const request = { userAgent: browserOf(visitor), ip: '127.0.0.1' };
  const { fields, reply } = captured(pathOf(link), request, { nowMs, region, random: { bytes } });
  const rules = type === 'conversion' || 'pay_unique' in fields ? { rules: ownRules } : {};
  const event = { v: 1, id: uuidV7(nowMs, randomOf(count)), type, at: nowMs, region, ...rules, ...fields };
  const transactionId = type === 'click' ? (findTransactionId(reply.headers['location'] ?? reply.body) ?? '') : '';
  const answer = { status: 200, error: '', attempts: 1, rung: 'intake-home', eventId: event.id };
  const record: SentRecord = { type, link, visitor, transactionId, atMs: 0, latencyMs: 1, ...answer };
  return { event, record };
}
