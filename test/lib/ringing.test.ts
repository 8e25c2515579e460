import { beforeAll, expect, test } from 'vitest';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import type { SimulatedWorld } from '../../simulation/world.ts';
import { later, pass, put, run } from '../lambda/ledger/ledger-view.ts';
import { home, peer, worldWith } from '../lambda/world-view.ts';
import { sampleLine } from '../sample-lines.ts';
import { configOf, templatesOf } from './templates.ts';

/** What real runs of the ledger report is put against the alarms of the synthesized stack. */

interface Alarm {
  readonly AlarmName: string;
  readonly MetricName: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
}

let alarms: readonly Alarm[];

beforeAll(() => {
  const [template] = templatesOf(configOf());
  alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
});

/** The kinds of the alarms on this metric that one value sets off. */
function ringing(world: SimulatedWorld, metric: string): readonly string[] {
  const value = world.recorder.of(metric);
  return alarms
    .filter(({ MetricName, EvaluationPeriods }) => MetricName === metric && EvaluationPeriods === 1)
    .filter(
      ({ ComparisonOperator, Threshold }) =>
        ComparisonOperator === 'GreaterThanOrEqualToThreshold' && value >= Threshold,
    )
    .map(({ AlarmName }) => AlarmName.replace('clicks-', ''));
}

/** Clicks of one environment in an hour; the log of `home` lacks one of them. */
function worldWithGap(): { readonly world: SimulatedWorld; readonly lost: string } {
  const lines = [1, 2, 3].map((seq) => sampleLine(seq, later + seq * 600_000, { captured_before: seq - 1 }));
  const [first = '', lost = '', last = ''] = lines;
  const world = worldWith();
  for (const region of [home, peer] as const) put(world, region, [first, last]);
  return { world, lost };
}

test('an hour that stays unjudged sets off hours-unjudged, until both logs are equal', async () => {
  const { world, lost } = worldWithGap();
  put(world, peer, [lost]);
  await run(world, home);
  await run(world, home, { task: 'review' });
  expect(ringing(world, metrics.hoursUnjudged)).toEqual([]);
  await pass(world, limits.ledger.unjudgedMinutes * 60_000);
  await run(world, home, { task: 'review' });
  expect(ringing(world, metrics.hoursUnjudged)).toEqual(['hours-unjudged']);
  put(world, home, [lost]);
  await run(world, home, { task: 'review' });
  expect(ringing(world, metrics.hoursUnjudged)).toEqual([]);
});

test('a captured event that neither log has sets off sequence-gap', async () => {
  const { world } = worldWithGap();
  await run(world, home);
  expect(ringing(world, metrics.sequenceGaps)).toEqual(['sequence-gap']);
});
