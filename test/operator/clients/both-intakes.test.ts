import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { sendToBothIntakes } from '../../../operator/clients/both-intakes.ts';
import { sampleLine } from '../../sample-lines.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

/** Three of them fill more than one message. */
const lines = [1, 2, 3, 4].map((seq) =>
  sampleLine(seq, undefined, { note: 'x'.repeat(limits.operator.intakeBodyBytesMax / 3) }),
);

async function send() {
  const progress: number[] = [];
  return { ...(await sendToBothIntakes(await cloud.deployment(), lines, (taken) => progress.push(taken))), progress };
}

function refuse(region: string): void {
  cloud.faults.add({ region, service: 'sqs', effect: 'error', status: 403, code: 'AccessDenied' });
}

test('both regions get the same messages, each with several lines', async () => {
  expect(await send()).toEqual({
    taken: 4,
    regions: [
      { region: east, taken: 4 },
      { region: west, taken: 4 },
    ],
    progress: [2, 4],
  });
  expect(cloud.intake(east)).toEqual([lines.slice(0, 2).join('\n'), lines.slice(2).join('\n')]);
  expect(cloud.intake(west)).toEqual(cloud.intake(east));
});

test('a region that refuses is named, and is not asked for each message', async () => {
  refuse(east);
  expect(await send()).toMatchObject({
    taken: 4,
    regions: [
      { region: east, taken: 0, failure: '403 AccessDenied' },
      { region: west, taken: 4 },
    ],
  });
  expect(cloud.calls(east)['sqs:SendMessage']).toBe(1);
});

test('nothing more is sent once no region takes a message', async () => {
  refuse(east);
  refuse(west);
  expect(await send()).toMatchObject({
    taken: 0,
    progress: [],
    regions: [{ failure: '403 AccessDenied' }, { failure: '403 AccessDenied' }],
  });
  expect(cloud.calls(west)['sqs:SendMessage']).toBe(1);
});
