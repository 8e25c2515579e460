import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { logBucketName } from '../../../core/config/resource-names.ts';
import { encodeLine, type TrackedEvent } from '../../../core/event/event.ts';
import { minuteStart, probeEvent } from '../../../core/event/probe.ts';
import { encodeOwedSegment } from '../../../core/log/owed.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { runChecks } from '../../../drill/checks/run-checks.ts';
import type { Evidence } from '../../../drill/evidence/evidence.ts';
import { gatherEvidence } from '../../../drill/evidence/gather.ts';
import { faultWindows } from '../../../drill/faults/fault-windows.ts';
import type { SentRecord } from '../../../drill/load/sent-record.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { east, FakeCloud, west } from '../fake-cloud.ts';
import { oneOfferCatalog } from '../fake-drill.ts';
import { eventMint } from '../fake-track.ts';

/** A cloud without any problem. Each test plants one defect and expects what the checks report. */
function scene() {
  const clock = new SimulatedTime();
  const cloud = new FakeCloud(clock);
  const mint = eventMint(clock, east);
  const events = [mint('click'), mint('click'), mint('impression'), mint('conversion')];
  const key = cloud.store(events);
  return { clock, cloud, mint, events, key, records: events.map((event) => recordOf(event)) };
}

type Scene = ReturnType<typeof scene>;

function recordOf(event: TrackedEvent, changes: Partial<SentRecord> = {}): SentRecord {
  const type = event.type as SentRecord['type'];
  const answer = { status: 302, error: '', attempts: 1, rung: 'intake-home', eventId: event.id };
  const link = { page: '/aff_c', parameters: { offer_id: '1500', aff_id: '1001' } } as const;
  return { type, link, visitor: 1, transactionId: '', atMs: 1_000, latencyMs: 20, ...answer, ...changes };
}

async function checked(
  { clock, cloud, records }: Omit<Scene, 'mint' | 'events' | 'key'>,
  faults: readonly Fault[] = [],
  {
    steps = [],
    nameTargets = [{ sinceMs: 0, regions: [east] }],
  }: Partial<Pick<Evidence, 'steps' | 'nameTargets'>> = {},
) {
  const played = faultWindows(faults, 60_000).map((window) => ({ ...window, strikes: cloud.strikes }));
  const everything = { records, faults: played, steps, nameTargets };
  const operate = async () => ({ exitCode: 0, output: [], errors: [] });
  const how = { settleMs: 1_000, sinceMs: 0, releases: {}, ledger: 'asked' } as const;
  const gathering = { ...how, catalog: oneOfferCatalog, operate };
  return runChecks(await clock.until(gatherEvidence(cloud, clock, gathering, everything)));
}

function owedMessage(events: readonly TrackedEvent[], region: string): string {
  const [segment] = segmentsOf(events.map(encodeLine));
  if (segment === undefined) throw new Error('no segment');
  const bucket = logBucketName({ name: 'keeptrack', account: '111122223333' }, region);
  return encodeOwedSegment({ bucket, key: segment.key, eventCount: segment.eventCount, gzip: segment.gzip });
}

describe('the checks of a drill', () => {
  test('report nothing when nothing is wrong', async () => {
    expect(await checked(scene())).toEqual([]);
  });

  test('accept an event that several segments hold', async () => {
    const well = scene();
    well.cloud.store(well.events.slice(0, 2));
    expect(await checked(well)).toEqual([]);
  });

  test('accept scheduled probes, which have no number and may come twice', async () => {
    const well = scene();
    const probes = [0, 60_000].map((afterMs) => probeEvent(east, minuteStart(Date.UTC(2026, 10, 23, 5)) + afterMs));
    for (const probe of [...probes, ...probes]) well.cloud.store([probe]);
    expect(await checked(well)).toEqual([]);
  });

  describe('I1', () => {
    test('names an acknowledged event that was written nowhere, its rung, and the too early acknowledgement', async () => {
      const { mint, records, ...rest } = scene();
      const event = mint('click');
      const broken = await checked({ ...rest, records: [...records, recordOf(event, { rung: 'bucket-peer' })] });
      expect(broken).toEqual([
        `I1: 1 acknowledged clicks captured by bucket-peer are in no log and in no queue: acknowledged before anything held it, or removed from its queue before it was written: ${event.id}`,
      ]);
    });

    test('tells a segment that one log lacks and no queue holds from one that is still owed', async () => {
      const { mint, records, cloud, clock } = scene();
      const [dropped, owed] = [mint('click'), mint('click')];
      cloud.store([dropped], [west]);
      cloud.store([owed], [west]);
      cloud.enqueue(west, `keeptrack-failure-${east}`, owedMessage([owed], east));
      const broken = await checked({ clock, cloud, records: [...records, recordOf(dropped), recordOf(owed)] });
      expect(broken).toContain(
        `I1: 1 acknowledged clicks captured by intake-home are in ${west}'s log: no failure queue holds it for the other bucket: it was never written there, or was removed before delivery: ${dropped.id}`,
      );
      expect(broken).toContain(
        `I1: 1 acknowledged clicks captured by intake-home are in ${west}'s log, in ${west} keeptrack-failure-${east}: replay has not delivered the owed segment: ${owed.id}`,
      );
      expect(broken.filter((line) => line.startsWith('I9'))).toEqual([
        expect.stringMatching(`^I9: ${east}'s log lacks 1 segments that are in no queue: log/`),
      ]);
    });

    test('names an event that is still in the intake queue', async () => {
      const { mint, records, cloud, clock } = scene();
      const event = mint('conversion');
      cloud.enqueue(east, 'keeptrack-intake', encodeLine(event));
      const broken = await checked({ clock, cloud, records: [...records, recordOf(event)] });
      expect(broken).toContain(
        `I1: 1 acknowledged conversions captured by intake-home are in ${east} keeptrack-intake: neither store nor replay has taken it from the intake queue: ${event.id}`,
      );
    });

    test('needs the log line of an unconfirmed event, and accepts it', async () => {
      const { mint, records, cloud, clock } = scene();
      const event = mint('click');
      const more = [...records, recordOf(event, { rung: 'unconfirmed' })];
      expect((await checked({ clock, cloud, records: more })).join()).toMatch(/^I1: 1 unconfirmed events are in no/);
      cloud.lines[east]?.push({ functionName: 'keeptrack-track', line: JSON.stringify({ unconfirmed: event }) });
      expect(await checked({ clock, cloud, records: more })).toEqual([]);
    });

    test('notices that two answers named the same event, one of which must be missing', async () => {
      const { events, records, ...rest } = scene();
      const [event] = events;
      if (event === undefined) throw new Error('no event');
      expect(await checked({ ...rest, records: [...records, recordOf(event)] })).toEqual([
        `I1: 1 events were named by several answers: ${event.id}`,
      ]);
    });

    test('notices an event that was logged as another type than sent', async () => {
      const { records, ...rest } = scene();
      const changed = records.map((record, index) =>
        index === 0 ? { ...record, type: 'impression' as const } : record,
      );
      expect((await checked({ ...rest, records: changed })).join()).toMatch(
        /^I1: 1 events were logged as another type/,
      );
    });
  });

  describe('I2', () => {
    test('notices an event that nobody sent, as when one click is captured under two ids', async () => {
      const { mint, cloud, clock, records } = scene();
      const [first, second] = [mint('click'), mint('click')];
      cloud.store([first, second]);
      expect(await checked({ cloud, clock, records: [...records, recordOf(first)] })).toEqual([
        `I2: the logs hold 1 clicks that no answer named, and only 0 attempts ended without naming one: ${second.id}`,
      ]);
    });

    test('accepts events of attempts whose answer was lost, or that were refused before the last one', async () => {
      const { mint, cloud, clock, records } = scene();
      const [early, late, lost] = [mint('conversion'), mint('conversion'), mint('conversion')];
      cloud.store([early, late, lost]);
      const retried = recordOf(late, { attempts: 2 });
      const unanswered = recordOf(lost, { status: 0, rung: '', eventId: '' });
      expect(await checked({ cloud, clock, records: [...records, retried, unanswered] })).toEqual([]);
    });
  });

  describe('I3', () => {
    const refused = { status: 503, rung: '', eventId: '' };

    test('names clicks that were refused while their region answered', async () => {
      const { mint, records, ...rest } = scene();
      const broken = await checked({
        ...rest,
        records: [...records, recordOf(mint('click'), { ...refused, atMs: 2_500 })],
      });
      expect(broken).toEqual(['I3: 1 clicks were refused with 503, from 2.5 to 2.5 s after the load began']);
    });

    test('accepts them while the region itself does not answer, and only then', async () => {
      const { mint, records, ...rest } = scene();
      const fault: Fault = { service: 'http', effect: 'error', status: 500, region: east, atMs: 2_000, forMs: 1_000 };
      const at = (atMs: number) => ({ ...rest, records: [...records, recordOf(mint('click'), { ...refused, atMs })] });
      expect(await checked(at(2_500), [fault])).toEqual([]);
      expect(await checked(at(3_500), [fault])).toHaveLength(1);
    });

    test('accepts no refusal of a healthy region once no client goes to the broken one any more', async () => {
      const { mint, records, ...rest } = scene();
      const fault: Fault = { service: 'region', effect: 'hang', region: east, atMs: 2_000, forMs: 9_000 };
      const nameTargets = [
        { sinceMs: 0, regions: [east] },
        { sinceMs: 4_000, regions: [east, west] },
        { sinceMs: 7_000, regions: [west] },
      ];
      const at = (atMs: number) => ({ ...rest, records: [...records, recordOf(mint('click'), { ...refused, atMs })] });
      expect(await checked(at(6_000), [fault], { nameTargets })).toEqual([]);
      expect(await checked(at(8_000), [fault], { nameTargets })).toHaveLength(1);
      expect(await checked(at(6_000), [{ ...fault, region: west }], { nameTargets })).toEqual([]);
      expect(await checked(at(3_000), [{ ...fault, region: west }], { nameTargets })).toHaveLength(1);
    });

    test('does not take a region that is slow for one that does not answer', async () => {
      const { mint, records, ...rest } = scene();
      const fault: Fault = { service: 'http', effect: 'slow', delayMs: 100 };
      const broken = await checked({ ...rest, records: [...records, recordOf(mint('click'), refused)] }, [fault]);
      expect(broken).toEqual([expect.stringMatching(/^I3: 1 clicks were refused with 503/)]);
    });

    test('lets a conversion be refused, since its sender tries again', async () => {
      const { mint, records, ...rest } = scene();
      expect(await checked({ ...rest, records: [...records, recordOf(mint('conversion'), refused)] })).toEqual([]);
    });

    test('notices answers that do not say what became of their event', async () => {
      const { records, ...rest } = scene();
      const silent = records.map((record, index) => (index < 2 ? { ...record, rung: '', eventId: '' } : record));
      expect((await checked({ ...rest, records: silent })).join()).toMatch(/^I3: 2 answers did not say which rung/);
    });
  });

  test('name a step that failed', async () => {
    const outcome = { exitCode: 1, errors: ['us-west-2 cannot be reached'] };
    const action = { kind: 'command', command: 'shift us-east-1 --away' } as const;
    const steps = [{ atMs: 2_000, action, outcome }];
    expect(await checked(scene(), [], { steps })).toEqual([
      'drill: "keeptrack shift us-east-1 --away" at 2 s ended with 1: us-west-2 cannot be reached',
    ]);
  });

  test('I4: name the queue that did not drain', async () => {
    const well = scene();
    well.cloud.enqueue(west, 'keeptrack-intake', encodeLine({ ...well.mint('click'), type: 'probe' }));
    expect((await checked(well)).join()).toMatch(`I4: it did not settle: ${west} keeptrack-intake holds 1`);
  });

  test('I6: name a control-plane call, and a call that no policy grants', async () => {
    const well = scene();
    Object.assign(well.cloud.calls, { 'sqs:SendMessage': 9, 'dynamodb:UpdateItem': 1, 'sqs:CreateQueue': 2 });
    well.cloud.denied.push('keeptrack-store s3:DeleteObject arn:aws:s3:::x');
    expect(await checked(well)).toEqual([
      'I6: sqs:CreateQueue is not a data-plane call, but was made 2 times',
      `policy: a call was not granted in ${east}: keeptrack-store s3:DeleteObject arn:aws:s3:::x`,
    ]);
  });

  test('I7: name good events in a dead-letter queue', async () => {
    const well = scene();
    const [event] = well.events;
    if (event === undefined) throw new Error('no event');
    well.cloud.enqueue(east, 'keeptrack-dead-letters', encodeLine(event), { reason: 'bad-id' });
    expect(await checked(well)).toEqual([
      `I7: 1 messages are in ${east} keeptrack-dead-letters (bad-id), with the events ${event.id}`,
    ]);
  });

  describe('I8', () => {
    function rewrite({ cloud, key }: Scene, region: string, lines: readonly string[]): void {
      cloud.logs[region]?.set(key, gzipSync(lines.map((line) => `${line}\n`).join('')));
    }

    test('notices the same key with other lines in the other region', async () => {
      const well = scene();
      rewrite(
        well,
        west,
        well.events.map((event) => encodeLine({ ...event, payout: '9.99' })),
      );
      expect(await checked(well)).toEqual([`I8: ${well.key} has other lines in ${west} than in ${east}`]);
    });

    test('notices lines that are not sorted', async () => {
      const well = scene();
      for (const region of well.cloud.regions) rewrite(well, region, well.events.map(encodeLine).reverse());
      expect((await checked(well)).join()).toMatch('its lines are not sorted by id, each once');
    });

    test('notices a line cut out of a segment: by its name, by the loss, and by the number', async () => {
      const well = scene();
      for (const region of well.cloud.regions) rewrite(well, region, well.events.toSpliced(1, 1).map(encodeLine));
      const broken = (await checked(well)).join('\n');
      expect(broken).toMatch('its name is not the hash of its event ids');
      expect(broken).toMatch(`I1: 1 acknowledged clicks captured by intake-home are in no log`);
      expect(broken).toMatch(`I9: nothing explains the missing numbers 2 of environment ${east} env-1`);
    });

    test('notices bytes that are no segment', async () => {
      const well = scene();
      well.cloud.logs[east]?.set(well.key, Buffer.from('not gzip'));
      expect((await checked(well)).join()).toMatch(`I8: ${east} ${well.key}: corrupt-gzip`);
    });
  });

  describe('I9', () => {
    test('names a number that nothing explains, though its event was acknowledged to nobody', async () => {
      const { mint, cloud, clock, records } = scene();
      mint('click');
      const event = mint('click');
      cloud.store([event]);
      expect(await checked({ cloud, clock, records: [...records, recordOf(event)] })).toEqual([
        `I9: nothing explains the missing numbers 5 of environment ${east} env-1`,
      ]);
    });

    test('notices a number that two events have, because it would hide a missing event', async () => {
      const { mint, cloud, clock, records } = scene();
      const event = { ...mint('click'), seq: 4 };
      cloud.store([event]);
      expect(await checked({ cloud, clock, records: [...records, recordOf(event)] })).toEqual([
        `I9: environment ${east} env-1 gave only 4 numbers to 5 events`,
      ]);
    });

    describe('of a segment that only repair brought to the other log', () => {
      function repairedScene(types: readonly ('click' | 'conversion')[] = ['click', 'click']) {
        const { mint, cloud, clock, records } = scene();
        const events = types.map((type) => mint(type));
        cloud.store(events, [west]);
        // At speed 10 the hourly repair comes after six minutes.
        void clock.sleep(300_000).then(() => cloud.store(events, [east]));
        return { cloud, clock, records: [...records, ...events.map((event) => recordOf(event))] };
      }

      test('says that no queue owed it, although nothing was lost in the end', async () => {
        const broken = await checked(repairedScene());
        expect(broken).toEqual([
          expect.stringMatching(
            /^I9: 1 segments lay in one log only and no queue owed them .* events captured by intake-home: /,
          ),
        ]);
      });

      test.each([
        ['a metric counted an owed segment that no queue took', ['click', 'click'], 'SegmentsOwedUnwritten'],
        ['a bucket took it beside a queue', ['conversion'], 'Captured{rung=intake-home+bucket-peer}'],
      ] as const)('accepts it when %s', async (_, types, metric) => {
        const repaired = repairedScene(types);
        repaired.cloud.metrics[metric] = 1;
        expect(await checked(repaired)).toEqual([]);
      });

      const died = { environments: 1, busy: 0, invocations: 9, errors: 1, failedStarts: 0, coldStarts: 1 };

      test.each(['track', 'stats'])(
        'does not take a failure of %s for the death of a function that writes segments',
        async (part) => {
          const repaired = repairedScene();
          repaired.cloud.functions = [{ ...died, name: `keeptrack-${part}` }];
          expect(await checked(repaired)).toHaveLength(1);
        },
      );

      test('accepts it when store or replay died, but not when they only could not start', async () => {
        const store = repairedScene();
        store.cloud.functions = [{ ...died, name: 'keeptrack-store' }];
        expect(await checked(store)).toEqual([]);
        const neverBegan = repairedScene();
        neverBegan.cloud.functions = [{ ...died, errors: 0, failedStarts: 7, name: 'keeptrack-replay' }];
        expect(await checked(neverBegan)).toHaveLength(1);
      });

      test('accepts it when store or replay were killed, but not when other functions were', async () => {
        expect(await checked(repairedScene(), [{ service: 's3', callers: ['store'], effect: 'kill' }])).toEqual([]);
        expect(await checked(repairedScene(), [{ service: 's3', effect: 'kill' }])).toEqual([]);
        const stats: Fault = { service: 'dynamodb', callers: ['stats'], effect: 'kill' };
        expect(await checked(repairedScene(), [stats])).toHaveLength(1);
      });
    });

    test('accepts a refused conversion whose function wrote it to its log', async () => {
      const { mint, cloud, clock, records } = scene();
      const line = JSON.stringify({ refused: mint('conversion') });
      cloud.lines[east]?.push({ functionName: 'keeptrack-track', line });
      const event = mint('click');
      cloud.store([event]);
      expect(await checked({ cloud, clock, records: [...records, recordOf(event)] })).toEqual([]);
    });
  });

  describe('a drill that proves nothing', () => {
    test('fails when nothing was acknowledged', async () => {
      const { cloud, clock } = scene();
      const fault: Fault = { service: 'http', effect: 'reset' };
      const refused = { status: 0, error: 'ECONNRESET', rung: '', eventId: '' };
      const records = scene().records.map((record) => ({ ...record, ...refused }));
      expect(await checked({ cloud, clock, records }, [fault])).toEqual([
        'drill: none of 4 events was acknowledged, so none could be lost',
      ]);
    });

    test('fails when a fault struck nothing', async () => {
      const well = scene();
      well.cloud.strikes = 0;
      expect(await checked(well, [{ service: 's3', effect: 'error', actions: ['DeleteObject'] }])).toEqual([
        'drill: a fault struck nothing, so it proves nothing: s3 in both regions (DeleteObject): error',
      ]);
    });
  });
});
