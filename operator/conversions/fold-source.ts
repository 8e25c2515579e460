import { conversionKeyOf } from '../../core/conversions/conversion-events.ts';
import { adjustmentOf } from '../../core/conversions/operator-events.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { readConversions, readFirsts } from '../../core/figures/conversion-block.ts';
import { type FirstMark, markTimeMs } from '../../core/figures/first-conversion.ts';
import { smallestMarks } from '../../core/figures/merge-sales.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { hourConversionsPrefix, type MinuteKind, parseFoldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName, hourStart, minuteMs, minuteStart } from '../../core/log/log-key.ts';
import { utcHour } from '../cli/format.ts';
import type { Shell } from '../cli/shell.ts';
import { type AskedLog, asked } from '../clients/both-logs.ts';
import { type ConversionSource, ConversionsUnreadable } from './conversion-source.ts';

/**
 * Reads what the folds of both regions keep of conversions and adjustments (lambda/fold). The minute of a conversion's
 * first report has all its events, and the first minute of a day has the day's adjustments. One region's fold can be
 * behind or dead. So what other minutes sent is taken from both regions, and a minute's own reports from the first
 * region that has any.
 */
export function foldSource(logs: readonly AskedLog[], { progress }: Pick<Shell, 'progress'>): ConversionSource {
  const read = (minutes: ReadonlySet<number>, kinds: readonly MinuteKind[], take: (minute: MinuteEvents) => void) =>
    readMinutes({ logs, kinds, progress }, minutes, take);
  return {
    async withIds(ids) {
      const found: LoggedEvent[] = [];
      await read(minutesOf(ids), ['conversions'], ({ own }) => found.push(...own.filter(({ id }) => ids.has(id))));
      return found;
    },
    async ofKeys(firsts) {
      const found = new Map<string, LoggedEvent[]>();
      await read(minutesOf(firsts.values()), ['conversions', 'later'], ({ startMs, own, received }) => {
        for (const [key, events] of byKey([...own, ...received])) {
          if (minuteStart(uuidTimeMs(firsts.get(key) ?? noId)) === startMs) found.set(key, events);
        }
      });
      return found;
    },
    ofHours: (hours, take) =>
      read(everyMinute(hours), ['conversions', 'later', 'firsts'], (minute) => {
        const elsewhere = keysElsewhere(minute);
        const met = [...byKey([...minute.own, ...minute.received])].filter(([key]) => !elsewhere.has(key));
        if (met.length > 0) take(new Map(met));
      }),
    async adjustmentsOf(hours) {
      const found: LoggedEvent[] = [];
      await read(everyMinute(hours), ['conversions', 'later'], ({ startMs, own, received }) => {
        const isOfDay = (event: LoggedEvent) => minuteStart(adjustmentOf(event)?.day_at ?? 0) === startMs;
        found.push(...[...own, ...received].filter(isOfDay));
      });
      return found;
    },
  };
}

/** What one minute has. The events are in no order, and may be repeated. */
interface MinuteEvents {
  /** Start of the minute, ms since the epoch. */
  readonly startMs: number;
  readonly own: readonly LoggedEvent[];
  /** Sent by other minutes. */
  readonly received: readonly LoggedEvent[];
  /** By key, marks of the first reports that other minutes have. */
  readonly firsts: readonly ReadonlyMap<string, FirstMark>[];
}

/** Keys whose first report is in another minute. */
function keysElsewhere({ startMs, own, firsts }: MinuteEvents): ReadonlySet<string> {
  const marks = new Map<string, FirstMark>();
  for (const [key, mark] of [smallestMarks(own), ...firsts].flatMap((map) => [...map])) {
    const held = marks.get(key);
    if (held === undefined || mark < held) marks.set(key, mark);
  }
  return new Set([...marks].flatMap(([key, mark]) => (minuteStart(markTimeMs(mark)) === startMs ? [] : [key])));
}

interface Reading {
  readonly logs: readonly AskedLog[];
  /** Which objects are read. */
  readonly kinds: readonly MinuteKind[];
  readonly progress: (line: string) => void;
}

const { hoursAtOnce, objectsAtOnce } = limits.decisions;

/** Reads these minutes, given by their starts, and hands them over in no order. */
async function readMinutes(
  reading: Reading,
  minutes: ReadonlySet<number>,
  take: (minute: MinuteEvents) => void,
): Promise<void> {
  const byHour = new Map<number, number[]>();
  for (const startMs of minutes) {
    const hour = hourStart(startMs);
    byHour.set(hour, [...(byHour.get(hour) ?? []), startMs]);
  }
  let done = 0;
  await inParallel([...byHour], hoursAtOnce, async ([hour, ofHour]) => {
    const objects = await objectsOf(reading, hour);
    await inParallel(ofHour, objectsAtOnce, async (startMs) => {
      const ofMinute = objects.filter((object) => object.startMs === startMs);
      if (ofMinute.length > 0) take(await readMinute(startMs, ofMinute));
    });
    done += 1;
    if (done % hoursTold === 0) reading.progress(`${utcHour(hourName(hour))}: ${done} of ${byHour.size} hours read`);
  });
  const reasons = reading.logs.map(({ region, reason }) => reason && `${region}: ${reason}`);
  if (!reasons.includes(undefined)) throw new ConversionsUnreadable(`no log answers (${reasons.join('; ')})`);
}

const hoursTold = 24;

interface FoldedObject {
  readonly log: AskedLog;
  readonly key: string;
  readonly kind: MinuteKind;
  /** Start of the minute, ms since the epoch. */
  readonly startMs: number;
}

async function objectsOf({ logs, kinds }: Reading, hourStartMs: number): Promise<readonly FoldedObject[]> {
  const prefix = hourConversionsPrefix(hourStartMs);
  const ofLogs = await Promise.all(
    logs.map(async (log) => {
      const listed = await asked(log, (bucket) => bucket.list(prefix));
      if (listed?.complete === false) throw new ConversionsUnreadable(`${log.region}: ${prefix} has too many objects`);
      return (listed?.objects ?? []).flatMap(({ key }): FoldedObject[] => {
        const object = parseFoldKey(hourStartMs, key);
        if (object === undefined || object.kind === 'group' || !kinds.includes(object.kind)) return [];
        return [{ log, key, kind: object.kind, startMs: hourStartMs + object.minute * minuteMs }];
      });
    }),
  );
  return ofLogs.flat();
}

/** When a log stops answering, the minute's own reports are read from the other one. */
async function readMinute(startMs: number, objects: readonly FoldedObject[]): Promise<MinuteEvents> {
  const received = await readAll(distinctKeys(objects.filter(({ kind }) => kind === 'later')), readConversions);
  const firsts = await readAll(
    objects.filter(({ kind }) => kind === 'firsts'),
    readFirsts,
  );
  const ownObjects = objects.filter(({ kind }) => kind === 'conversions');
  for (const log of new Set(ownObjects.map((object) => object.log))) {
    const own = await readAll(
      ownObjects.filter((object) => object.log === log),
      readConversions,
    );
    if (log.reason === undefined) return { startMs, own: own.flat(), received: received.flat(), firsts };
  }
  return { startMs, own: [], received: received.flat(), firsts };
}

function distinctKeys(objects: readonly FoldedObject[]): readonly FoldedObject[] {
  return [...new Map(objects.map((object) => [object.key, object])).values()];
}

/** Leaves out what a log does not answer. */
async function readAll<Value>(
  objects: readonly FoldedObject[],
  parse: (bytes: Uint8Array) => Value | undefined,
): Promise<readonly Value[]> {
  const read = await inParallel(objects, objectsAtOnce, async ({ log, key }) => {
    const object = await asked(log, (bucket) => bucket.get(key));
    if (object === undefined) return [];
    const value = parse(object.body);
    if (value === undefined) throw new ConversionsUnreadable(`${log.region}: ${key} cannot be understood`);
    return [value];
  });
  return read.flat();
}

const noId = '00000000-0000-7000-8000-000000000000';

function minutesOf(ids: Iterable<string>): ReadonlySet<number> {
  return new Set([...ids].map((id) => minuteStart(uuidTimeMs(id))));
}

function everyMinute(hours: readonly number[]): ReadonlySet<number> {
  return new Set(hours.flatMap((hour) => Array.from({ length: 60 }, (_, minute) => hour + minute * minuteMs)));
}

function byKey(events: readonly LoggedEvent[]): ReadonlyMap<string, LoggedEvent[]> {
  const found = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const key = conversionKeyOf(event);
    if (key === undefined) continue;
    const known = found.get(key);
    if (known) known.push(event);
    else found.set(key, [event]);
  }
  return found;
}
