import { expect, test } from 'vitest';
import { conversionHistory, dueOf, historyWith } from '../../../core/conversions/conversion-history.ts';
import { createRedact } from '../../../core/event/redaction.ts';
import { decision, historyOf, keyNumber, report, waiting } from '../../operator/some-conversions.ts';
import { operatorKeys } from '../../operator-lines.ts';
import { sampleMs } from '../../sample-lines.ts';

const later = sampleMs + 60_000;

test('a history has its events in the order of time, each once, and what they come to', () => {
  const events = [decision(1, 'approve'), report(1, waiting), report(1, {}, later), report(1, waiting)];
  const { events: sorted, standing, worth, first } = historyOf(1, ...events);
  expect(sorted.map(({ event }) => event.type)).toEqual(['conversion', 'conversion', 'decision']);
  expect(first.id).toBe(report(1).id);
  expect(standing.status).toBe('approved');
  expect(worth).toEqual({ payoutMicros: 2_500_000n, revenueMicros: 3_750_000n });
});

test('a decision that no published key has signed is shown and does not count', () => {
  const history = historyOf(1, report(1, waiting), decision(1, 'approve', {}, later, false));
  expect(history.standing.status).toBe('pending');
  expect(history.events.map(({ counts }) => counts)).toEqual([true, false]);
});

test('a decision still counts after an erasure took its note', () => {
  const noted = decision(1, 'approve', { note: 'Ada called' });
  const redacted = createRedact(new Uint8Array(32))(noted);
  expect(redacted['note']).toBeUndefined();
  const history = historyOf(1, report(1, waiting), noted, redacted);
  expect(history.standing.status).toBe('approved');
  expect(history.events[1]?.event).toEqual(redacted);
});

test('without a report that can be first there is no conversion', () => {
  expect(conversionHistory(keyNumber(1), [decision(1, 'approve')], operatorKeys)).toBeUndefined();
});

test('money is due only while the conversion is approved', () => {
  const nothing = { payoutMicros: 0n, revenueMicros: 0n };
  expect(dueOf(historyOf(1, report(1, waiting)))).toEqual(nothing);
  expect(dueOf(historyOf(1, report(1), decision(1, 'reject')))).toEqual(nothing);
  expect(dueOf(historyOf(1, report(1)))).toMatchObject({ payoutMicros: 2_500_000n });
});

test('one more event can be tried on a history, which stays as it is', () => {
  const history = historyOf(1, report(1, waiting));
  expect(historyWith(history, decision(1, 'reject'))?.standing.status).toBe('rejected');
  expect(history.standing.status).toBe('pending');
});
