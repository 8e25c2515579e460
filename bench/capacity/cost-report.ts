import { type FrontDoorKind, frontDoors } from '../../core/config/front-doors.ts';
import { assumptions } from './assumptions.ts';
import {
  type Case,
  type CostPart,
  costsAt,
  dnsQueriesPerSecond,
  indexBytes,
  millionsOfClicks,
  sumOf,
} from './costs.ts';
import { monthSeconds } from './flows.ts';
import { capacityUnits, usdOfHandshakes, usdOfRequests } from './front-doors.ts';
import type { Inputs } from './inputs.ts';
import {
  arrivalsAt,
  arrivalsOf,
  doorTitles,
  type LoadName,
  loadNames,
  loads,
  type Weather,
  weathers,
} from './loads.ts';
import { postbackCosts } from './postback-costs.ts';
import { standingCosts } from './standing.ts';
import { most, type Target, targetTable } from './target.ts';
import { figure, textTable, usd } from './text-table.ts';

/**
 * What a million clicks cost by line, and a month whatever the load. Calculated from dated files alone, so equal files
 * give equal text. docs/deploy.md shows the text.
 */
export function costReport(inputs: Inputs): readonly string[] {
  const { prices, measured } = inputs;
  return [
    `List prices of ${prices.asOf} without discounts for volume, of ${prices.region}. Measured on ${measured.asOf} on ${measured.machine}.`,
    `Clicks a second, on one region alone: ${loadNames.map((name) => `${name} ${figure(loads[name])}`).join(', ')}. A month has 30 days.`,
    '',
    'Assumed:',
    '',
    '- 3 conversions come for 100 clicks.',
    ...Object.values(assumptions).map(({ says }) => `- ${says.charAt(0).toUpperCase()}${says.slice(1)}`),
    '',
    '**USD a million clicks, both regions, good weather**',
    '',
    ...millionTable(inputs),
    '',
    '**USD a month, both regions, whatever the load**',
    '',
    ...standingTable(inputs),
    '',
    ...optionLines(inputs),
    '',
    `The load balancer is cheaper from ${figure(cheaperFrom(inputs, false))} clicks a second on, and from ${figure(cheaperFrom(inputs, true))} when certificates in TLS handshakes are billed.`,
    '',
    '**USD at four loads, both regions.** A million clicks, without what stands still; and a month, with all',
    '',
    ...loadTable(inputs),
    '',
    `After a year the index of a region has ${loadNames.map((load) => `${figure(indexBytes(load, inputs) / 1e9)} GB at ${load}`).join(', ')}, and stays so.`,
    manyRowsLine(inputs),
    '',
    '**Targets**',
    '',
    ...targetTable(costTargets(inputs)),
    '',
    ...remedies(inputs),
  ];
}

const shownLoads = ['small', 'day'] as const satisfies readonly LoadName[];
const shown = frontDoors.flatMap((door) => shownLoads.map((load): Case => ({ door, load, weather: 'good weather' })));
const parts: readonly CostPart[] = ['capture', 'storing', 'figures'];

function millionTable(inputs: Inputs): readonly string[] {
  const columns = shown.map((one) => ({ one, lines: costsAt(one, inputs), each: millionsOfClicks(one.load) }));
  const row = (says: string, value: (column: (typeof columns)[number]) => number, mark = '') => [
    `${mark}${says}${mark}`,
    ...columns.map((column) => `${mark}${usd(value(column) / column.each)}${mark}`),
  ];
  const ofPart = (part: CostPart) => [
    ...(columns[0]?.lines ?? []).flatMap((line, index) =>
      line.part === part ? [row(line.says, ({ lines }) => lines[index]?.usd ?? 0)] : [],
    ),
    row(part, ({ lines }) => sumOf(lines, part), '**'),
  ];
  return textTable(
    ['', ...shown.map(({ door, load }) => `${doorTitles[door]}, ${load}`)],
    [
      ...parts.flatMap(ofPart),
      row('what stands still', ({ one }) => sumOf(standingCosts(one.door, inputs))),
      row('all in', ({ one }) => allIn(one, inputs), '**'),
      row('certificates in TLS handshakes', ({ one }) => handshakes(one, inputs)),
    ],
  );
}

/** USD a month of everything that AWS's pages say that it bills. */
function allIn(one: Case, inputs: Inputs): number {
  return sumOf(costsAt(one, inputs)) + sumOf(standingCosts(one.door, inputs));
}

/** Users of load balancers find these bytes on their bills. No page and no user says so of API Gateway. */
function handshakes({ door, load }: Case, inputs: Inputs): number {
  if (door === 'http-api') return 0;
  return usdOfHandshakes(arrivalsAt(load).home.eventsPerSecond, inputs) * monthSeconds;
}

function standingTable(inputs: Inputs): readonly string[] {
  const columns = frontDoors.map((door) => standingCosts(door, inputs));
  const rows = (columns[0] ?? []).map(({ says }, index) => [
    says,
    ...columns.map((lines) => usd(lines[index]?.usd ?? 0)),
  ]);
  const sums = ['**sum**', ...columns.map((lines) => `**${usd(sumOf(lines))}**`)];
  return textTable(['', ...frontDoors.map((door) => doorTitles[door])], [...rows, sums]);
}

function optionLines(inputs: Inputs): readonly string[] {
  const { usdPerMonth, usdPerMillion, usdPerHour } = inputs.prices;
  const monthHours = monthSeconds / 3_600;
  const { trackAnswerBytes } = inputs.measured.serving;
  const units = Math.ceil(capacityUnits(loads.day, assumptions.requestBytes.value + trackAnswerBytes));
  return [
    `- WAF at the load balancers: ${usd(2 * usdPerMonth.wafList)} a month, ${usd(2 * usdPerMonth.wafRule)} for each rule, and ${usd(usdPerMillion.wafRequest)} a million clicks.`,
    `- Capacity reserved at one load balancer for *day*, ${units} LCU: ${usd(units * monthHours * usdPerHour.loadBalancerCapacityUnit)} a month, in which what it uses is included.`,
    postbacksLine(inputs),
    `- A further public address, which a load balancer takes when it grows: ${usd(monthHours * usdPerHour.publicIpv4Address)} a month.`,
    '- `capture.clickCapture: "both"`: the line of the intake queues once more.',
    '- A question to Athena: 5.00 for each terabyte read, at most 1.00.',
  ];
}

function postbacksLine(inputs: Inputs): string {
  const at = (load: (typeof shownLoads)[number]) => {
    const { keepingFacts, lookingUp, telling } = postbackCosts(load, inputs);
    return `${usd(keepingFacts + lookingUp + telling)} a million clicks at *${load}* (keeping sub ids ${usd(keepingFacts)}, looking them up at most ${usd(lookingUp)}, \`notify\` and the events of its attempts ${usd(telling)})`;
  };
  return `- Partners' postbacks, one with a sub id for each conversion, without the bytes to partners (\`postbacks: false\` saves it): ${at('day')}, ${at('small')}.`;
}

/** Clicks a second, all day, from which on the load balancer costs less. The doors differ in these lines alone. */
export function cheaperFrom(inputs: Inputs, areHandshakesBilled: boolean): number {
  const usdOfDoor = (door: FrontDoorKind, clicksPerSecond: number) => {
    const { eventsPerSecond } = arrivalsOf(clicksPerSecond).home;
    const queries = dnsQueriesPerSecond(clicksPerSecond, door);
    const billed = areHandshakesBilled && door === 'alb' ? usdOfHandshakes(eventsPerSecond, inputs) : 0;
    const perSecond =
      usdOfRequests(door, eventsPerSecond, inputs) + (queries * inputs.prices.usdPerMillion.dnsQuery) / 1e6 + billed;
    return perSecond * monthSeconds + sumOf(standingCosts(door, inputs));
  };
  let clicksPerSecond = 1;
  while (clicksPerSecond < loads.beyond && usdOfDoor('alb', clicksPerSecond) > usdOfDoor('http-api', clicksPerSecond)) {
    clicksPerSecond += 1;
  }
  return clicksPerSecond;
}

function loadTable(inputs: Inputs): readonly string[] {
  const row = (says: string, usdAt: (load: LoadName) => number) => [says, ...loadNames.map((load) => usd(usdAt(load)))];
  const each = (door: FrontDoorKind, weather: Weather, part?: CostPart) => (load: LoadName) =>
    sumOf(costsAt({ load, weather, door }, inputs), part) / millionsOfClicks(load);
  return textTable(
    ['', ...loadNames],
    [
      ...weathers.flatMap((weather) => [
        ...frontDoors.map((door) => row(`capture, ${doorTitles[door]}, ${weather}`, each(door, weather, 'capture'))),
        row(`storing, ${weather}`, each('http-api', weather, 'storing')),
        row(`figures, ${weather}`, each('http-api', weather, 'figures')),
      ]),
      ...frontDoors.map((door) =>
        row(`all a month, ${doorTitles[door]}, good weather`, (load) =>
          allIn({ load, door, weather: 'good weather' }, inputs),
        ),
      ),
    ],
  );
}

function manyRowsLine(inputs: Inputs): string {
  const { measured } = inputs;
  const many = figuresEach({ ...inputs, measured: { ...measured, ...measured.manyRows } });
  return `With 100,000 pairs of offer and affiliate that are active every hour, figures at day cost ${usd(many)} USD a million clicks instead of ${usd(figuresEach(inputs))}.`;
}

function figuresEach(inputs: Inputs): number {
  const lines = costsAt({ load: 'day', weather: 'good weather', door: 'http-api' }, inputs);
  return sumOf(lines, 'figures') / millionsOfClicks('day');
}

/** USD a million clicks. */
const allInAtMost = { 'http-api': 2, alb: 1.1 } as const satisfies Readonly<Record<FrontDoorKind, number>>;

function costTargets(inputs: Inputs): readonly Target[] {
  const small = costsAt({ load: 'small', weather: 'good weather', door: 'http-api' }, inputs);
  return [
    ...frontDoors.map((door) => allInTarget(door, allIn(dayWith(door), inputs), 'all in')),
    allInTarget(
      'alb',
      allIn(dayWith('alb'), inputs) + handshakes(dayWith('alb'), inputs),
      'all in and certificates in TLS handshakes',
    ),
    most('figures at *day*, USD a million clicks, with an index of a year', 0.1, figuresEach(inputs), usd),
    most('storing and figures at *small*, USD a month', 45, sumOf(small, 'storing') + sumOf(small, 'figures'), usd),
  ];
}

function dayWith(door: FrontDoorKind): Case {
  return { door, load: 'day', weather: 'good weather' };
}

function allInTarget(door: FrontDoorKind, usdOfMonth: number, says: string): Target {
  const found = usdOfMonth / millionsOfClicks('day');
  return most(`${says} at *day*, ${doorTitles[door]}, USD a million clicks`, allInAtMost[door], found, usd);
}

/** For a target that is not met: which lines are the greatest, and what would make them smaller. */
function remedies(inputs: Inputs): readonly string[] {
  const late = frontDoors.filter((door) => allIn(dayWith(door), inputs) / millionsOfClicks('day') > allInAtMost[door]);
  const lines = late.map((door) => {
    const greatest = costsAt(dayWith(door), inputs)
      .toSorted((one, other) => other.usd - one.usd)
      .slice(0, 4);
    const told = greatest.map((line) => `${line.says} ${usd(line.usd / millionsOfClicks('day'))}`).join(', ');
    return `- ${doorTitles[door]}: the greatest lines at *day* are ${told}. CPU of \`track\` and its log lines are Keeptrack's own.`;
  });
  return [
    ...lines,
    `- TLS handshakes: links on port 80 have none, a smaller (ECDSA) certificate chain halves them, and connections that visitors use again save them. A discount for volume starts at 10 TB a month.`,
  ];
}
