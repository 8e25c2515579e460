import { dynamodbClient, dynamodbTable } from '../aws/dynamodb-table.ts';
import { systemClock } from '../aws/system-clock.ts';
import { systemRandom } from '../aws/system-random.ts';
import type { CountingPorts } from './count-segment.ts';
import { createOffersByDay } from './offers-by-day.ts';

type Place = 'table' | 'offersByDay' | 'random' | 'clock';

/** What `stats` and `replay` share when they count. */
export function countingPorts(region: string, figuresTable: string): Pick<CountingPorts, Place> {
  const table = dynamodbTable(dynamodbClient(region), figuresTable);
  const around = { clock: systemClock, random: systemRandom };
  return { table, offersByDay: createOffersByDay(table, around), ...around };
}
