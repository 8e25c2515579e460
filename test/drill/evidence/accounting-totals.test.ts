import { describe, expect, test } from 'vitest';
import { encodeLine, type TrackedEvent } from '../../../core/event/event.ts';
import { encodeOwedSegment } from '../../../core/log/owed.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { runChecks } from '../../../drill/checks/run-checks.ts';
import { accountingTotals } from '../../../drill/evidence/accounting-totals.ts';
import { readFunctionLines } from '../../../drill/evidence/function-lines.ts';
import { gatherEvidence } from '../../../drill/evidence/gather.ts';
import { readLog } from '../../../drill/evidence/log-view.ts';
import { readQueueViews } from '../../../drill/evidence/queue-view.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { east, FakeCloud, west } from '../fake-cloud.ts';
import { oneOfferCatalog } from '../fake-drill.ts';
import { nothingPlayed, recordOf } from '../fake-figures.ts';
import { eventMint } from '../fake-track.ts';

/** A cloud with one environment. Each of its events says how many events it captured before. */
function cloudOfOne() {
  const clock = new SimulatedTime();
  const mint = eventMint(clock, east);
  const numbered = (): TrackedEvent => {
    const event = mint('click');
    return { ...event, captured_before: event.seq - 1 };
  };
  return { clock, cloud: new FakeCloud(clock), mint: numbered };
}

function accountsIn(cloud: FakeCloud) {
  return accountingTotals({
    logs: cloud.regions.map((region) => readLog(cloud, region, cloud.logKeys(region))),
    queues: readQueueViews(cloud),
    functionLines: readFunctionLines(cloud),
    steps: [],
  });
}

describe('the accounting of a drill', () => {
  test('counts each event and each segment where it is', () => {
    const { cloud, mint } = cloudOfOne();
    const [both, owed, flying, printed] = [mint(), mint(), mint(), mint()];
    cloud.store([both]);
    cloud.store([owed], [west]);
    const [segment] = segmentsOf([encodeLine(owed)]);
    if (segment === undefined) throw new Error('no segment');
    cloud.enqueue(west, `keeptrack-failure-${east}`, encodeOwedSegment({ bucket: 'log', ...segment }));
    cloud.enqueue(east, 'keeptrack-intake', encodeLine(flying));
    cloud.lines[east]?.push({ functionName: 'keeptrack-track', line: JSON.stringify({ unconfirmed: printed }) });
    cloud.store([mint()], [east]);
    expect(accountsIn(cloud)).toEqual({
      events: { captured: 5, inBothLogs: 1, inFlight: 1, owed: 2, unconfirmed: 1, stranded: 0, unexplained: 0 },
      segments: { written: 3, inBothLogs: 1, owed: 1, unowed: [expect.stringMatching(/^log\//)] },
    });
  });

  test('reports an event that is nowhere, beside its missing number', async () => {
    const { clock, cloud, mint } = cloudOfOne();
    mint();
    const { event, record } = recordOf(mint());
    cloud.store([event]);
    const operate = async () => ({ exitCode: 0, output: [], errors: [] });
    const how = {
      settleMs: 1_000,
      sinceMs: 0,
      releases: {},
      ledger: 'asked' as const,
      catalog: oneOfferCatalog,
      operate,
    };
    const evidence = await clock.until(gatherEvidence(cloud, clock, how, { ...nothingPlayed, records: [record] }));
    expect(runChecks(evidence)).toEqual([
      `I9: nothing explains the missing numbers 1 of environment ${east} env-1`,
      "I9: 1 captured events are in no log, no queue and no function's log",
    ]);
  });
});
