import type { Inputs } from './inputs.ts';
import { type LoadName, loadNames, loads, type Weather, weathers } from './loads.ts';
import { needsAt } from './needs.ts';
import { brokenAt, quotasAt } from './quotas.ts';
import { targetTable } from './target.ts';
import { targets } from './targets.ts';
import { figure, textTable } from './text-table.ts';

/**
 * What each stage needs at four loads, what it may have, and what breaks first. Calculated from dated
 * files alone, so equal files give equal text. docs/deploy.md shows the text.
 */
export function capacityReport(inputs: Inputs): readonly string[] {
  const { quotas, measured } = inputs;
  return [
    `Quotas of ${quotas.asOf}, measured on ${measured.asOf} on ${measured.machine}.`,
    `Loads, in clicks a second on one region alone: ${loadNames.map((name) => `${name} ${figure(loads[name])}`).join(', ')}. 3 conversions for 100 clicks.`,
    `\`store\` gathers a batch for ${measured.storeWindowSeconds} s. A month has 30 days.`,
    ...weathers.flatMap((weather) => ['', `**Needs, ${weather}**`, '', ...needsTable(weather, inputs)]),
    '',
    '**Limits**, with the greater need of both weathers',
    '',
    ...limitsTable(inputs),
    '',
    ...loadNames.map((load) => `- ${firstBroken(load, inputs)}`),
    '',
    '**Targets**',
    '',
    ...targetTable(targets(inputs)),
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
