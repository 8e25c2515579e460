import { describe, expect, test } from 'vitest';
import type { Send, SendResult } from '../../../drill/load/sender.ts';
import type { SentRecord } from '../../../drill/load/sent-record.ts';
import { startWorkload, type WorkloadPlan } from '../../../drill/load/workload.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { oneOfferCatalog } from '../fake-drill.ts';
import { acknowledgement, eventMint, loadTypeOf, refusal, transactionIdOf } from '../fake-track.ts';

const plan: WorkloadPlan = {
  seed: 5,
  durationMs: 4_000,
  load: { clicks: 10, impressions: 2, conversions: 2, repeats: 0 },
  links: { catalog: oneOfferCatalog, day: '2026-11-23' },
};

async function perform(
  clock: SimulatedTime,
  send: Send,
  changes: Partial<WorkloadPlan> = {},
): Promise<readonly SentRecord[]> {
  const workload = startWorkload({ ...plan, ...changes }, clock, send);
  await clock.until(workload.answered);
  return workload.records;
}

function healthyTrack(clock: SimulatedTime, paths: string[] = []): Send {
  const mint = eventMint(clock);
  return async (path) => {
    paths.push(path);
    await clock.sleep(20);
    return acknowledgement(mint(loadTypeOf(path)));
  };
}

describe('the load of a drill', () => {
  test('is sent completely, and every answer is recorded with its rung, its event and its latency', async () => {
    const clock = new SimulatedTime();
    const records = await perform(clock, healthyTrack(clock));
    expect(records.filter(({ type }) => type === 'click')).toHaveLength(40);
    expect(records.filter(({ type }) => type === 'impression')).toHaveLength(8);
    expect(records.filter(({ type }) => type === 'conversion')).toHaveLength(8);
    expect(new Set(records.map(({ eventId }) => eventId)).size).toBe(56);
    expect(records.every(({ rung, latencyMs }) => rung === 'intake-home' && Math.round(latencyMs) === 20)).toBe(true);
  });

  test('sends the same links when its seed is the same', async () => {
    const runs = await Promise.all(
      [5, 5, 6].map(async (seed) => {
        const clock = new SimulatedTime();
        const paths: string[] = [];
        await perform(clock, healthyTrack(clock, paths), {
          seed,
          load: { clicks: 10, impressions: 2, conversions: 0, repeats: 0 },
        });
        return paths;
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
  });

  test('sends each event when it is due, without waiting for slow answers', async () => {
    const clock = new SimulatedTime();
    const mint = eventMint(clock);
    const startMs = clock.nowMs();
    const sentAtMs: number[] = [];
    const send: Send = async (path) => {
      sentAtMs.push(clock.nowMs() - startMs);
      await clock.sleep(60_000);
      return acknowledgement(mint(loadTypeOf(path)));
    };
    const records = await perform(clock, send, { load: { clicks: 10, impressions: 0, conversions: 0, repeats: 0 } });
    expect(Math.max(...sentAtMs)).toBeLessThanOrEqual(plan.durationMs);
    expect(records).toHaveLength(40);
  });

  test('records a broken connection as refused, with the reason', async () => {
    const clock = new SimulatedTime();
    const records = await perform(clock, async () => refusal(0), {
      load: { clicks: 1, impressions: 0, conversions: 0, repeats: 0 },
    });
    expect(records[0]).toMatchObject({ status: 0, error: 'ECONNRESET', rung: '', eventId: '' });
  });
});

describe('a conversion', () => {
  test('has the transaction id of an answered click, each of another click', async () => {
    const clock = new SimulatedTime();
    const paths: string[] = [];
    await perform(clock, healthyTrack(clock, paths));
    const brought = paths
      .filter((path) => loadTypeOf(path) === 'conversion')
      .map((path) => new URL(path, 'http://x').searchParams.get('transaction_id'));
    expect(new Set(brought).size).toBe(8);
    expect(brought.every((id) => id?.startsWith('AQ'))).toBe(true);
  });

  test('refused with Retry-After is sent again after exactly that time, with the same link', async () => {
    const clock = new SimulatedTime();
    const mint = eventMint(clock);
    const attempts: { path: string; atMs: number }[] = [];
    const send: Send = async (path): Promise<SendResult> => {
      if (loadTypeOf(path) !== 'conversion') return acknowledgement(mint('click'));
      attempts.push({ path, atMs: clock.nowMs() });
      return attempts.length < 3 ? refusal(503, { 'retry-after': '5' }) : acknowledgement(mint('conversion'));
    };
    const records = await perform(clock, send, {
      durationMs: 1_000,
      load: { clicks: 5, impressions: 0, conversions: 1, repeats: 0 },
    });
    expect(records.filter(({ type }) => type === 'conversion')).toMatchObject([{ status: 200, attempts: 3 }]);
    expect(new Set(attempts.map(({ path }) => path)).size).toBe(1);
    expect(attempts.map(({ atMs }) => atMs - (attempts[0]?.atMs ?? 0))).toEqual([0, 5_000, 10_000]);
  });

  test('that is always refused is given up after six attempts, and counts as refused', async () => {
    const clock = new SimulatedTime();
    const mint = eventMint(clock);
    const send: Send = async (path) =>
      loadTypeOf(path) === 'conversion' ? refusal(503, { 'retry-after': '3600' }) : acknowledgement(mint('click'));
    const records = await perform(clock, send, {
      durationMs: 1_000,
      load: { clicks: 5, impressions: 0, conversions: 1, repeats: 0 },
    });
    expect(records.filter(({ type }) => type === 'conversion')).toMatchObject([{ status: 503, attempts: 6 }]);
  });

  test('without any click before it is not sent', async () => {
    const clock = new SimulatedTime();
    const records = await perform(clock, async () => refusal(500));
    expect(records.filter(({ type }) => type === 'conversion')).toEqual([]);
  });

  test('finds its transaction id in a JSON answer too', async () => {
    const clock = new SimulatedTime();
    const mint = eventMint(clock);
    const send: Send = async (path) => {
      const event = mint(loadTypeOf(path));
      if (event.type !== 'click') return acknowledgement(event);
      const { headers } = acknowledgement(event);
      const { location: _, ...others } = headers;
      return {
        status: 200,
        error: '',
        headers: others,
        body: JSON.stringify({ transaction_id: transactionIdOf(event) }),
      };
    };
    const records = await perform(clock, send);
    expect(records.filter(({ type }) => type === 'conversion')).toHaveLength(8);
  });
});
