import type { FrontDoorKind } from '../../core/config/front-doors.ts';
import type { CountedLoad } from '../measure/count-calls.ts';
import type { FactsCosts } from '../measure/facts.ts';
import type { NotifyCalls, notifyLoads } from '../measure/notify-calls.ts';
import type { ServingCosts } from '../measure/serving.ts';
import type { TemplateCounts } from '../measure/template-counts.ts';
import priceFile from '../prices.json' with { type: 'json' };
import quotaFile from '../quotas.json' with { type: 'json' };
import type { LoadName, Weather } from './loads.ts';

/** What `npm run bench -- measure` writes to bench/measured.json. */
export interface Measured {
  /** The day of the measurement, for example `2026-11-30`. */
  readonly asOf: string;
  readonly machine: string;
  readonly storeWindowSeconds: number;
  readonly serving: Omit<ServingCosts, 'callMicros'>;
  /** How long `store` takes for a full batch while the peer hangs, its trials included. */
  readonly hangingPeerBatchMs: number;
  /** CPU of `stats` and `ledger` for an event, and of each call to S3 or DynamoDB. */
  readonly statsEventMicros: number;
  readonly ledgerEventMicros: number;
  readonly callMicros: number;
  /** The most memory that `stats` needed for a minute of the load `beyond`. */
  readonly statsMegabytes: number;
  /** A large hour and one of a million events. */
  readonly ledgerHour: {
    readonly millionEvents: number;
    /** CPU of an event in the large hour, to that in the small one. */
    readonly largeToSmall: number;
    readonly megabytes: number;
  };
  /** Bytes of an event: in a segment, in what folding leaves behind, and in rows in force. */
  readonly segmentEventBytes: number;
  readonly foldEventBytes: number;
  /** Bytes of fold objects of conversions, by event of any kind. They are kept as long as the figures. */
  readonly conversionsEventBytes: number;
  readonly rowsEventBytes: number;
  /** Bytes that AWS bills for an item of the conversion index. */
  readonly indexItemBytes: number;
  /** The same with 100,000 pairs of offer and affiliate that are all active in an hour. */
  readonly manyRows: Readonly<Record<'statsEventMicros' | 'foldEventBytes' | 'rowsEventBytes', number>>;
  /** What `notify` of both regions does in a second of a load, besides looking up facts. */
  readonly notify: Readonly<Record<(typeof notifyLoads)[number], NotifyCalls>>;
  /** What facts for postbacks cost more, of a click or an event. */
  readonly facts: FactsCosts;
  /** What a region's template has that costs by the month, with a domain. */
  readonly templates: Readonly<Record<FrontDoorKind, TemplateCounts>>;
  readonly calls: Readonly<Record<Weather, Readonly<Record<LoadName, CountedLoad>>>>;
}

export interface Inputs {
  readonly prices: typeof priceFile;
  readonly quotas: typeof quotaFile;
  readonly measured: Measured;
}

export const prices = priceFile;
export const quotas = quotaFile;
