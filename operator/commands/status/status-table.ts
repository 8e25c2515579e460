import type { Switch } from '../../../core/capture/switches.ts';
import { ageText, utcText } from '../../cli/format.ts';
import { tableLines } from '../../cli/text-table.ts';
import { nameText } from '../../clients/health-pages.ts';
import type { Learned, QueueFacts } from '../../clients/queue-facts.ts';
import type { SwitchCopies } from '../../clients/switch-copies.ts';
import { capLines, capsSummary } from './caps-table.ts';
import { postbacksSummary } from './postback-facts.ts';
import { owedTo, type RegionFacts, type StatusFacts } from './status-facts.ts';
import { describeSwitch, problemsIn, switchesIn } from './status-problems.ts';

/** For people: problems, switches, and then everything in a table with a column for each region. */
export function statusLines(facts: StatusFacts, allCaps = false): readonly string[] {
  const { name, atMs, regions } = facts;
  const problems = problemsIn(facts);
  const switches = switchesIn(facts);
  return [
    ...(problems.length > 0 ? ['NOT WELL', ...problems.map(indented), ''] : [`all is well at ${utcText(atMs)}`, '']),
    ...(switches.length > 0 ? ['SWITCHED BY HAND', ...switches.map(indented), ''] : []),
    ...(name ? [`${name.url} leads to ${nameText(name)}`, ''] : []),
    ...tableLines([
      ['', ...regions.map(({ region }, index) => (index === 0 ? `${region} (primary)` : region))],
      ...rowsOf(facts).map(([title, cell]) => [title, ...regions.map(cell)]),
    ]),
    ...capLines(facts, allCaps),
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

type Row = readonly [title: string, cell: (facts: RegionFacts) => string];

function rowsOf({ regions, atMs }: StatusFacts): readonly Row[] {
  const queue = (isMeant: (queue: QueueFacts) => boolean) => (one: RegionFacts) => {
    const found = one.queues.find(isMeant);
    return found ? queueText(found) : '';
  };
  return [
    ['health', ({ health }) => (health === undefined ? 'not asked: no domain' : healthText(health))],
    [
      'drained, its peer says',
      ({ drained }) => (drained === undefined ? 'not asked: no domain' : drainedText(drained)),
    ],
    ['last segment in its log', ({ lastSegmentAtMs }) => learnedText(lastSegmentAtMs, (time) => agoText(time, atMs))],
    ['its bucket is owed', ({ region }) => owedText(region, regions)],
    ['intake queue', queue(({ role }) => role === 'intake')],
    ...regions.map(({ region }): Row => [`queue owed to ${region}`, queue(({ owedRegion }) => owedRegion === region)]),
    ['dead letters', queue(({ role }) => role === 'dead-letters')],
    ['shift switch', ({ shift }) => copiesText(shift)],
    ['storage switch', ({ storage }) => copiesText(storage)],
    ['caps', ({ caps }) => learnedText(caps, (counts) => (counts ? capsSummary(counts, atMs) : 'none'))],
    ['postbacks', ({ postbacks }) => learnedText(postbacks, (said) => (said ? postbacksSummary(said, atMs) : 'none'))],
  ];
}

function healthText(health: NonNullable<RegionFacts['health']>): string {
  return health.kind === 'well' ? 'well' : `NOT WELL: ${health.reason}`;
}

function drainedText(drained: NonNullable<RegionFacts['drained']>): string {
  switch (drained.kind) {
    case 'drained':
      return 'yes';
    case 'not-drained':
      return 'no';
    case 'unknown':
      return `unknown: ${drained.reason}`;
  }
}

function copiesText({ counting, own, holds }: SwitchCopies<Switch>): string {
  if (counting.kind === 'unreadable' && own.kind === 'unreadable') return 'unknown: neither copy can be read';
  return holds ? describeSwitch(holds) : 'not set';
}

function learnedText<T>(learned: Learned<T>, text: (value: T) => string): string {
  return learned.kind === 'known' ? text(learned.value) : `unknown: ${learned.reason}`;
}

function agoText(timeMs: number | undefined, atMs: number): string {
  return timeMs === undefined ? 'none lately' : `${ageText(Math.max(0, atMs - timeMs) / 1_000)} ago`;
}

function owedText(region: string, regions: readonly RegionFacts[]): string {
  const { messages, complete } = owedTo(region, regions);
  return `${complete ? '' : 'at least '}${messages} segments`;
}

/** `12 (2 in flight), oldest at least 4 s` */
function queueText({ depth, oldestAgeSeconds }: QueueFacts): string {
  if (depth.kind === 'unknown') return `unknown: ${depth.reason}`;
  const { messages, inFlight } = depth.value;
  if (messages === 0) return 'empty';
  return [
    `${messages}${inFlight > 0 ? ` (${inFlight} in flight)` : ''}`,
    oldestAgeSeconds.kind === 'known' ? `oldest at least ${ageText(oldestAgeSeconds.value)}` : 'age unknown',
  ].join(', ');
}
