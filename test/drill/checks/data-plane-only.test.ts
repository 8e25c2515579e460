import { expect, test } from 'vitest';
import { dataPlaneOnly } from '../../../drill/checks/data-plane-only.ts';
import type { Evidence } from '../../../drill/evidence/evidence.ts';
import type { PlayedStep } from '../../../drill/faults/steps.ts';

const attempt: PlayedStep = {
  ...{ atMs: 1, outcome: { exitCode: 0, errors: [] } },
  action: { kind: 'attempt', change: 'route53:ChangeResourceRecordSets' },
};

function checked(calls: Readonly<Record<string, number>>, steps: readonly PlayedStep[] = []) {
  return dataPlaneOnly({ state: { calls, regions: [] }, steps } as unknown as Evidence);
}

test('changes that the drill itself attempts are left out, and every other one is named', () => {
  const calls = { 'route53:ChangeResourceRecordSets': 2, 's3:PutObject': 7 };
  expect(checked(calls, [attempt, attempt])).toEqual([]);
  expect(checked(calls, [attempt])).toEqual([
    'I6: route53:ChangeResourceRecordSets is not a data-plane call, but was made 1 times',
  ]);
});

test('copies of objects and scans of items are calls on data', () => {
  expect(checked({ 's3:CopyObject': 3, 'dynamodb:Scan': 1 })).toEqual([]);
  expect(checked({ 's3:PutBucketPolicy': 1 })).toHaveLength(1);
});
