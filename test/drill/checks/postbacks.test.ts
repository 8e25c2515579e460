import { describe, expect, test } from 'vitest';
import { postbacks } from '../../../drill/checks/postbacks.ts';
import type { Evidence } from '../../../drill/evidence/evidence.ts';
import type { ReceivedPostback } from '../../../drill/evidence/received.ts';
import type { PlayedFault } from '../../../drill/faults/fault-windows.ts';
import type { DuePostback } from '../../../drill/oracle/expected-postbacks.ts';

const texts = { conversion_id: 'C', status: 'approved', payout: '2.50' };
const owed: DuePostback = {
  ...{ postbackId: 1, sale: 'S', standing: 'approved', isOwed: true, reachedAtMs: 0 },
  texts: [texts],
};
const got: ReceivedPostback = {
  ...{ partner: 'shop', postbackId: 1, atMs: 1_000, status: 200, idempotencyId: 'I' },
  texts: { ...texts, idempotency_id: 'I' },
};

function broken(
  received: readonly ReceivedPostback[],
  { due = [owed], faults = [], events = [] }: { due?: DuePostback[]; faults?: PlayedFault[]; events?: object[] } = {},
): readonly string[] {
  const logs = [{ events: new Map(events.map((event, index) => [`${index}`, event])) }];
  return postbacks({ postbacks: due, received, faults, logs } as unknown as Evidence);
}

const fault = (service: 's3' | 'sqs'): PlayedFault => ({
  ...{ fault: { service, effect: 'error' }, fromMs: 0, toMs: 1, strikes: 1 },
});

describe('the check of postbacks', () => {
  test('is content when each came once with the right values', () => {
    expect(broken([got])).toEqual([]);
    expect(broken([], { due: [{ ...owed, isOwed: false }] })).toEqual([]);
  });

  test.each<[string, readonly ReceivedPostback[], RegExp]>([
    ['one that never came', [], /1 postbacks were never received: 1 C approved/],
    ['one that the partner refused', [{ ...got, status: 500 }], /never received/],
    ['one that is not due', [got, { ...got, texts: { ...got.texts, status: 'pending' } }], /wrong.*which is not due/],
    ['a wrong value', [{ ...got, texts: { ...got.texts, payout: '2.40' } }], /payout "2.40" instead of "2.50"/],
    ['a header that is not the macro', [{ ...got, idempotencyId: 'J' }], /idempotency_id "I" instead of "J"/],
    ['several ids', [got, { ...got, idempotencyId: 'J', texts: { ...texts, idempotency_id: 'J' } }], /several idempo/],
    ['one that came twice in good weather', [got, got], /1 postbacks came more than once/],
  ])('tells of %s', (_, received, line) => {
    expect(broken(received).join('\n')).toMatch(line);
  });

  test('tells of an id that stands for two postbacks', () => {
    const other = { ...owed, sale: 'T', texts: [{ ...texts, conversion_id: 'D' }] };
    const second = { ...got, texts: { ...got.texts, conversion_id: 'D' } };
    expect(broken([got, second], { due: [owed, other] })).toEqual([expect.stringMatching(/I stands for several/)]);
  });

  test('allows a second delivery only where a fault concerns notify', () => {
    expect(broken([got, got], { faults: [fault('s3')] })).toEqual([]);
    expect(broken([got, got], { faults: [fault('sqs')] })).toHaveLength(1);
  });

  test('takes one for told about that the log has as failed for good', () => {
    const event = { type: 'postback', postback_id: 1, conversion_id: 'C', status: 'approved', outcome: 'status' };
    expect(broken([], { events: [event] })).toEqual([]);
    expect(broken([], { events: [{ ...event, next_at: 5 }] })).toHaveLength(1);
  });
});
