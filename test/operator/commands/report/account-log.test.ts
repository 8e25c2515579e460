import { beforeEach, describe, expect, test } from 'vitest';
import { hourMs, hourName } from '../../../../core/log/log-key.ts';
import { accountLog } from '../../../../operator/commands/report/account-log.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { LogDouble } from '../../log-double.ts';

const [before, latest] = [sampleMs - hourMs, sampleMs];
const hours = [before, latest].map(hourName);

let east = new LogDouble('us-east-1');
beforeEach(() => {
  east = new LogDouble('us-east-1');
});

/** Each event has its own segment, as under low traffic. */
function writeEach(seqs: readonly number[], atMs: number): void {
  for (const seq of seqs) east.write([sampleLine(seq, atMs, { captured_before: seq - 1 })], atMs);
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** The clock advances by `stepMs` whenever it is read. */
function account(log: Pick<LogDouble, 'list' | 'get'> = east, stepMs = 0) {
  let nowMs = 0;
  const clock = {
    nowMs: () => {
      nowMs += stepMs;
      return nowMs;
    },
    sleep: async () => {},
  };
  return accountLog('us-east-1', log, hours, [], clock);
}

describe('the numbers of events in a log', () => {
  test('are read in hours of very many small segments too', async () => {
    writeEach(
      upTo(600).filter((seq) => seq !== 7),
      latest,
    );
    const looked = await account();
    expect(looked).toMatchObject({ hours: hours.toReversed(), segments: 599, events: 599, endedBy: undefined });
    expect(looked.account).toMatchObject({ captured: 600, inBothLogs: 599, unexplained: 1 });
  });

  test('are reported for whole hours only, when the time ends within an hour', async () => {
    writeEach(upTo(3), latest);
    writeEach(upTo(300), before);
    const looked = await account(east, 100);
    expect(looked.hours).toEqual([hourName(latest)]);
    expect(looked.endedBy).toBe('the time for it was over');
    expect(looked.account.captured).toBe(3);
    expect(looked.segments).toBeGreaterThan(3);
  });

  test('are not read in an hour that is too large, except to estimate the events of a segment', async () => {
    const lines = upTo(90).map((seq) => sampleLine(seq, latest));
    for (let start = 0; start < 90; start += 3) east.write(lines.slice(start, start + 3), latest);
    const large = {
      get: (key: string) => east.get(key),
      list: async (prefix: string) => {
        const listed = await east.list(prefix);
        if (listed.kind === 'failed') return listed;
        const objects = listed.value.objects.map((object) => ({ ...object, sizeBytes: 10_000_000 }));
        return { kind: 'ok', value: { ...listed.value, objects } } as const;
      },
    };
    const { segments, events, ...looked } = await account(large);
    expect(looked).toMatchObject({ hours: [], endedBy: 'an hour has more than a report reads' });
    expect(looked.account.captured).toBe(0);
    expect(events / segments).toBe(3);
    expect(segments).toBeLessThan(30);
  });

  test('are read in no hour when the log does not answer, and the reason is given', async () => {
    east.dead = true;
    expect(await account()).toMatchObject({ hours: [], segments: 0, endedBy: 'the log: no answer in time' });
  });
});
