import { costsAt, indexBytes, millionsOfClicks, sumOf } from './costs.ts';
import type { Inputs } from './inputs.ts';
import { type LoadName, loadNames, loads, type Weather, weathers } from './loads.ts';
import { needsAt } from './needs.ts';
import { brokenAt, quotasAt } from './quotas.ts';
import { targets } from './targets.ts';
import { figure, textTable, usd } from './text-table.ts';

/**
 * What each stage needs at four loads, what it may have, what breaks first, and what it costs. Calculated from dated
 * files alone, so equal files give equal text. docs/deploy.md shows the text.
 */
export function capacityReport(inputs: Inputs): readonly string[] {
  const { prices, quotas, measured } = inputs;
  return [
    `Prices of ${prices.asOf}, quotas of ${quotas.asOf}, measured on ${measured.asOf} on ${measured.machine}.`,
    `Loads, in clicks a second on one region alone: ${loadNames.map((name) => `${name} ${figure(loads[name])}`).join(', ')}. 3 conversions for 100 clicks.`,
    `\`store\` gathers a batch for ${measured.storeWindowSeconds} s. A month has 30 days.`,
    ...weathers.flatMap((weather) => ['', `**Needs, ${weather}**`, '', ...needsTable(weather, inputs)]),
    '',
    '**Limits**, with the greater need of both weathers',
    '',
    ...limitsTable(inputs),
    '',
    ...loadNames.map((load) => `- ${firstBroken(load, inputs)}`),
    ...weathers.flatMap((weather) => [
      '',
      `**USD a million clicks, both regions, ${weather}**`,
      '',
      ...costTable(weather, inputs),
    ]),
    '',
    `After a year the index of a region has ${loadNames.map((load) => `${figure(indexBytes(load, inputs) / 1e9)} GB at ${load}`).join(', ')}, and stays so.`,
    manyRowsLine(inputs),
    '',
    '**Targets**',
    '',
    ...targetTable(inputs),
  ];
}

const heads = loadNames.map((name) => name);

function needsTable(weather: Weather, inputs: Inputs): readonly string[] {
  const byLoad = loadNames.map((load) => needsAt(load, weather, inputs));
  const rows = (byLoad[0] ?? []).map(([stage, what], index) => [
    stage,
    what,
    ...byLoad.map((needs) => figure(needs[index]?.[2] ?? 0)),
  ]);
  return textTable(['stage', 'needs', ...heads], rows);
}

/** Of each limit, the weather in which a load needs more. */
function worstQuotas(load: LoadName, inputs: Inputs) {
  const [good = [], bad = []] = weathers.map((weather) => quotasAt(load, weather, inputs));
  return good.map((quota, index) => {
    const other = bad[index];
    return other && other.needed > quota.needed
      ? { ...other, weather: weathers[1] }
      : { ...quota, weather: weathers[0] };
  });
}

function limitsTable(inputs: Inputs): readonly string[] {
  const byLoad = loadNames.map((load) => worstQuotas(load, inputs));
  const rows = (byLoad[0] ?? []).map(({ says, byDefault, afterAsking, raisedBy, consequence }, index) => {
    const asked =
      raisedBy === 'nobody' ? 'the same' : `${afterAsking === null ? 'more' : figure(afterAsking)}, by ${raisedBy}`;
    const needed = byLoad.map((quotas) => {
      const { needed: value = 0 } = quotas[index] ?? {};
      return value > byDefault ? `**${figure(value)}**` : figure(value);
    });
    return [says, figure(byDefault), asked, ...needed, consequence];
  });
  return textTable(['limit', 'by default', 'after asking', ...heads, 'then'], rows);
}

function firstBroken(load: LoadName, inputs: Inputs): string {
  const [first, ...others] = brokenAt(worstQuotas(load, inputs));
  const rate = `*${load}*, ${figure(loads[load])} clicks a second`;
  if (!first) return `${rate}: every limit holds by default.`;
  const more = others.length > 0 ? ` Then: ${others.map(({ says }) => says).join('; ')}.` : '';
  return `${rate}: first breaks ${first.says} (${first.consequence}).${more}`;
}

function costTable(weather: Weather, inputs: Inputs): readonly string[] {
  const byLoad = loadNames.map((load) => ({ load, costs: costsAt(load, weather, inputs) }));
  const each = (load: LoadName, usdAMonth: number) => usd(usdAMonth / millionsOfClicks(load));
  const part = (says: string, group: 'capture' | 'storing' | 'figures', name: string) => [
    says,
    ...byLoad.map(({ load, costs }) => each(load, (costs[group] as Readonly<Record<string, number>>)[name] ?? 0)),
  ];
  const sum = (group: 'capture' | 'storing' | 'figures') => [
    `**${group}**`,
    ...byLoad.map(({ load, costs }) => `**${each(load, sumOf(costs[group]))}**`),
  ];
  const all = ({ costs }: (typeof byLoad)[number]) =>
    sumOf(costs.capture) + sumOf(costs.storing) + sumOf(costs.figures);
  return textTable(
    ['', ...heads],
    [
      ...captureParts.map(([name, says]) => part(says, 'capture', name)),
      sum('capture'),
      ...storingParts.map(([name, says]) => part(says, 'storing', name)),
      sum('storing'),
      ...figuresParts.map(([name, says]) => part(says, 'figures', name)),
      sum('figures'),
      ['**all**', ...byLoad.map((one) => `**${each(one.load, all(one))}**`)],
      ['**all, a day**', ...byLoad.map((one) => `**${usd(all(one) / 30)}**`)],
      ['storing a day', ...byLoad.map(({ costs }) => usd(sumOf(costs.storing) / 30))],
      ['figures a day', ...byLoad.map(({ costs }) => usd(sumOf(costs.figures) / 30))],
      ['storing and figures a month', ...byLoad.map(({ costs }) => usd(sumOf(costs.storing) + sumOf(costs.figures)))],
    ],
  );
}

function manyRowsLine(inputs: Inputs): string {
  const { measured } = inputs;
  const figuresEach = (of: Inputs) => usd(sumOf(costsAt('day', 'good weather', of).figures) / millionsOfClicks('day'));
  const many = figuresEach({ ...inputs, measured: { ...measured, ...measured.manyRows } });
  return `With 100,000 pairs of offer and affiliate that are active every hour, figures at day cost ${many} USD a million clicks instead of ${figuresEach(inputs)}.`;
}

const captureParts = [
  ['frontDoor', 'HTTP API'],
  ['track', '`track`'],
  ['intakeQueue', 'SQS: a send; a receive and a delete for ten'],
  ['logLines', 'log lines'],
  ['answers', 'answers to the internet'],
] as const;

const storingParts = [
  ['runs', '`store`'],
  ['writes', 'writes to both buckets'],
  ['failureQueues', 'failure queues'],
  ['transfer', 'between the regions'],
  ['storage', 'a month of the log in both buckets'],
] as const;

const figuresParts = [
  ['stats', '`stats`'],
  ['ledger', '`ledger`'],
  ['index', 'conversion index: reads and writes'],
  ['indexStorage', 'conversion index: storage after a year'],
  ['storage', 'objects of folding (of conversions for a year), a month of rows'],
] as const;

function targetTable(inputs: Inputs): readonly string[] {
  const rows = targets(inputs).map(({ says, wanted, found, isMet }) => [
    says,
    wanted,
    found,
    isMet ? 'met' : 'NOT MET',
  ]);
  return textTable(['target', 'wanted', 'found', ''], rows);
}
