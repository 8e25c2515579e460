import type { Catalog } from '../../../core/catalog/catalog.ts';
import { conversionKeyOf } from '../../../core/conversions/conversion-events.ts';
import { isRedacted } from '../../../core/event/event.ts';
import { eventOutcome } from '../../../core/figures/outcome.ts';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName, hourStart } from '../../../core/log/log-key.ts';
import { conversionKey } from '../../../core/tracking/conversion-key.ts';
import { noParameters } from '../../../core/tracking/input/parameters.ts';
import { utcHour } from '../../cli/format.ts';
import type { Shell } from '../../cli/shell.ts';
import { type AskedLog, withBothLogs } from '../../clients/both-logs.ts';
import type { Deployment } from '../../clients/deployment.ts';
import type { ConversionReference } from '../../conversions/conversion-reference.ts';
import { ConversionsUnreadable } from '../../conversions/conversion-source.ts';
import { type ConversionsPlace, findConversions } from '../../conversions/find-conversions.ts';
import { foldSource } from '../../conversions/fold-source.ts';
import { overCapsIn } from '../../conversions/over-caps.ts';
import { calendarOf } from '../../figures/calendar.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import { withFigures } from '../../figures/open-figures.ts';
import type { CheckedIdentity } from './checked-identity.ts';
import type { ExplainedEvent, ExplainedSegment, Explanation } from './explanation.ts';
import { factsAbout, hoursOfFirsts } from './figures-facts.ts';
import { type FoundLine, findLines } from './find-lines.ts';
import { countingIn } from './place-in-figures.ts';
import { copiesOf } from './segment-copies.ts';
import { wayOf } from './way-into-log.ts';

const { stampedWithinMs, eventsMax } = limits.explain;

interface Question {
  readonly transactionId: string;
  readonly identity: CheckedIdentity;
  /** Names the goals of the offer. Without it, only the default goal's conversions are looked up. */
  readonly catalog: Catalog | undefined;
  /** How many days after the click are searched. */
  readonly days: number;
}

/** Asks both regions for everything about one transaction. A dead region hides only what it alone knows. */
export function explainTransaction(
  question: Question,
  keys: OperatorKeys,
  deployment: Deployment,
  shell: Pick<Shell, 'clock' | 'progress'>,
): Promise<Explanation> {
  const { catalog } = question;
  return withFigures(deployment, deployment.regions, shell, (figures) =>
    withBothLogs(deployment, async (logs) => {
      const explanation = await explainWith(question, logs, figures, shell);
      const addOverCaps = overCapsIn(figures, calendarOf(deployment.config.reporting.timeZone).dayOf);
      const source = foldSource(logs, shell);
      return withHistories(explanation, { source, indexes: figures, keys, addOverCaps, catalog });
    }),
  );
}

/** Decisions come long after the click, and are found by the keys of the conversions. */
export async function withHistories(explanation: Explanation, place: ConversionsPlace): Promise<Explanation> {
  const { transactionId, events, searched } = explanation;
  const keys = events.flatMap(({ event }) => conversionKeyOf(event) ?? []);
  const references: readonly ConversionReference[] = [
    { kind: 'transaction', transactionId },
    ...keys.map((key) => ({ kind: 'key', key }) as const),
  ];
  try {
    const found = [...new Set((await findConversions(references, place)).flat())];
    const conversions = await place.addOverCaps(found);
    return { ...explanation, conversions };
  } catch (error) {
    if (!(error instanceof ConversionsUnreadable)) throw error;
    const unreachable = [...searched.unreachable, `the history of its conversions (${error.message})`];
    return { ...explanation, searched: { ...searched, unreachable } };
  }
}

/** What is asked of a region's figures. */
export type ExplainedFigures = Pick<FiguresReader, 'region' | 'hourStates' | 'firstConversions'>;

export async function explainWith(
  question: Question,
  logs: readonly AskedLog[],
  figures: readonly ExplainedFigures[],
  { clock, progress }: Pick<Shell, 'clock' | 'progress'>,
): Promise<Explanation> {
  const { transactionId, identity } = question;
  const conversionKeys = conversionKeysOf(question);
  const indexed = await hoursInIndexes(conversionKeys, figures);
  const hours = hoursToSearch(question, indexed ?? [], clock.nowMs());
  const search = await findLines(logs, hours, { transactionId, conversionKeys }, progress);
  const found = eventsOf(search.found);
  const explained = await Promise.all(found.slice(0, eventsMax).map((lines) => explainEvent(lines, logs, figures)));
  const silent = logs.filter(({ reason }) => reason !== undefined);
  return {
    transactionId,
    identity,
    searched: {
      from: utcHour(hourName(hours[0] ?? 0)),
      to: utcHour(hourName(hours.at(-1) ?? 0)),
      hours: hours.length,
      segments: search.segmentsRead,
      index: indexed !== undefined,
      unreadable: search.unreadable,
      unfinished: search.unfinished,
      notExplained: Math.max(0, found.length - eventsMax),
      unreachable: silent.map(({ region, reason }) => `the log of ${region} (${reason})`),
    },
    events: explained,
    conversions: [],
  };
}

/** Groups the lines by event: several segments may hold the same event. */
function eventsOf(lines: readonly FoundLine[]): readonly (readonly FoundLine[])[] {
  const byId = new Map<string, FoundLine[]>();
  for (const line of lines) byId.set(line.event.id, [...(byId.get(line.event.id) ?? []), line]);
  return [...byId.values()];
}

function conversionKeysOf({ transactionId, identity, catalog }: Question): readonly string[] {
  const goals = catalog?.offers.get(identity.offerId)?.goals ?? [];
  return [0, ...goals.map(({ id }) => id)].map((id) => conversionKey(transactionId, id, false, noParameters));
}

/** Undefined when no region's index could be read. */
async function hoursInIndexes(
  keys: readonly string[],
  figures: readonly ExplainedFigures[],
): Promise<readonly number[] | undefined> {
  const answers = await Promise.all(figures.map((one) => hoursOfFirsts(one, keys)));
  const known = answers.filter((hours) => hours !== undefined);
  return known.length > 0 ? known.flat() : undefined;
}

/** The click's hour, the hours after it, and the hours of conversions in the index, however late they came. */
function hoursToSearch({ identity, days }: Question, indexed: readonly number[], nowMs: number): readonly number[] {
  const firstMs = hourStart(identity.clickedAtMs);
  const afterMs = identity.clickedAtMs + Math.max(days * 24 * hourMs, stampedWithinMs);
  const lastMs = hourStart(Math.min(afterMs, nowMs + stampedWithinMs));
  const count = Math.max(1, (lastMs - firstMs) / hourMs + 1);
  const scanned = Array.from({ length: count }, (_, index) => firstMs + index * hourMs);
  return [...new Set([...scanned, ...indexed.filter((hour) => hour >= firstMs)])].sort((one, other) => one - other);
}

async function explainEvent(
  lines: readonly FoundLine[],
  logs: readonly AskedLog[],
  figures: readonly ExplainedFigures[],
): Promise<ExplainedEvent> {
  const { event } = lines.find((line) => isRedacted(line.event)) ?? (lines[0] as FoundLine);
  const segments = await Promise.all(
    lines.map(async ({ key, line }): Promise<ExplainedSegment> => ({ key, line, copies: await copiesOf(key, logs) })),
  );
  const copies = segments.flatMap(({ key, copies: ofSegment }) => ofSegment.map((copy) => ({ key, copy })));
  const conversion = typeof event['conversion_key'] === 'string' ? event['conversion_key'] : undefined;
  const counting = await Promise.all(
    figures.map(async (one) => countingIn(one.region, event, copies, await factsAbout(one, event.id, conversion))),
  );
  const way = wayOf(
    event.region,
    segments.map((segment) => segment.copies),
  );
  return { event, outcome: eventOutcome(event), segments, way, counting };
}
