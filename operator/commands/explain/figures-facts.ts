import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { answerText } from '../../../core/call-outcome.ts';
import { figuresTableName } from '../../../core/config/resource-names.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { type ProvisionalClaim, provisionalClaimOf } from '../../../core/figures/provisional-claim.ts';
import {
  firstConversionKey,
  hourStateKey,
  markerKey,
  provisionalClaimKey,
  reopenKey,
} from '../../../core/figures/table-keys.ts';
import { type FirstConversion, firstConversionOf } from '../../../core/ledger/first-conversion.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName, hourStart, parseLogKey } from '../../../core/log/log-key.ts';
import type { Table, TableItem, TableKey } from '../../../core/ports.ts';
import { dynamodbTable } from '../../../lambda/aws/dynamodb-table.ts';
import type { Deployment } from '../../clients/deployment.ts';

/** Facts about one event in one region's figures. */
export interface FiguresFacts {
  /** Ids of the event's segments that are counted provisionally. */
  readonly countedSegments: ReadonlySet<string>;
  /** The conversion of the key that counts provisionally. `first` is the one that counts finally. */
  readonly claim?: ProvisionalClaim;
  readonly first?: FirstConversion;
  readonly hour?: { readonly revision: number; readonly cause: string; readonly finalizedAtMs: number };
  /** The hour waits to be made final again. */
  readonly isReopened: boolean;
}

export type AskedFigures =
  | { readonly kind: 'known'; readonly facts: FiguresFacts }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Answers questions about single events from one region's figures. */
export interface FiguresOfRegion {
  readonly region: string;
  about(eventId: string, segmentKeys: readonly string[], conversion: string | undefined): Promise<AskedFigures>;
  /** Starts of the hours in which the index knows conversions of these keys. */
  hoursOf(conversionKeys: readonly string[]): Promise<readonly number[] | undefined>;
  close(): void;
}

export function openFiguresOfRegion({ config, clientOptions }: Deployment, region: string): FiguresOfRegion {
  const client = new DynamoDBClient(clientOptions(region));
  const table = dynamodbTable(client, figuresTableName(config));
  return {
    region,
    about: (...question) => aboutEvent(table, ...question),
    hoursOf: (conversionKeys) => hoursInIndex(table, conversionKeys),
    close: () => client.destroy(),
  };
}

const { lookMs } = limits.operator;

export async function aboutEvent(
  table: Table,
  eventId: string,
  segmentKeys: readonly string[],
  conversion: string | undefined,
): Promise<AskedFigures> {
  const hour = hourName(hourStart(uuidTimeMs(eventId)));
  const segmentIds = segmentKeys.flatMap((key) => parseLogKey(key)?.segmentId ?? []);
  const claims = conversion === undefined ? [] : [provisionalClaimKey(conversion), firstConversionKey(conversion)];
  const markers = segmentIds.map((id) => markerKey(hour, id, 0));
  const answer = await table.get([hourStateKey(hour), reopenKey(hour), ...markers, ...claims], lookMs);
  if (answer.kind === 'failed') return { kind: 'unknown', reason: answerText(answer.answer) };
  const itemAt = (key: TableKey) => answer.value.find((item) => item['pk'] === key.pk && item['sk'] === key.sk);
  const [claimed, firstItem] = claims.map(itemAt);
  const claim = claimed && provisionalClaimOf(claimed);
  const first = firstConversionOf(firstItem);
  const state = hourOf(itemAt(hourStateKey(hour)));
  const facts = {
    countedSegments: new Set(segmentIds.filter((id) => itemAt(markerKey(hour, id, 0)))),
    ...(claim && { claim }),
    ...(first && { first }),
    ...(state && { hour: state }),
    isReopened: itemAt(reopenKey(hour)) !== undefined,
  };
  return { kind: 'known', facts };
}

function hourOf(item: TableItem | undefined): FiguresFacts['hour'] {
  if (item === undefined) return undefined;
  const { revision, cause, finalized_at: finalizedAt } = item;
  return { revision: Number(revision ?? 0), cause: String(cause ?? ''), finalizedAtMs: Number(finalizedAt ?? 0) };
}

export async function hoursInIndex(
  table: Table,
  conversionKeys: readonly string[],
): Promise<readonly number[] | undefined> {
  const keys = conversionKeys.flatMap((key) => [provisionalClaimKey(key), firstConversionKey(key)]);
  const answer = await table.get(keys, lookMs);
  if (answer.kind === 'failed') return undefined;
  return answer.value.flatMap((item) => {
    const first = firstConversionOf(item);
    const claim = provisionalClaimOf(item);
    return [
      ...(first ? first.hours.map((hour) => Number(hour) * hourMs) : []),
      ...(claim ? [hourStart(uuidTimeMs(claim.eventId))] : []),
    ];
  });
}
