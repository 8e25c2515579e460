import fc from 'fast-check';
import { type EventFields, encodeLine } from '../../../core/event/event.ts';
import { createRedact } from '../../../core/event/redaction.ts';
import { hourStart } from '../../../core/log/log-key.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { eventOf } from './fold-lines.ts';

export const hour = hourStart(sampleMs);

const redact = createRedact(Buffer.alloc(32, 1));

export function redactedLine(line: string): string {
  return encodeLine(redact(eventOf(line)));
}

/** A little of everything, so that what can meet does: few offers, visitors, minutes and conversion keys. */
export function anyLine(startMs = hour): fc.Arbitrary<string> {
  return fc
    .record({
      minute: fc.constantFrom(0, 1, 14, 15, 59),
      atMs: fc.integer({ min: 0, max: 59_999 }),
      region: fc.constantFrom('us-east-1', 'us-west-2'),
      env: fc.constantFrom('e1', 'e2'),
      seq: fc.integer({ min: 1, max: 30 }),
      captured_before: fc.nat(30),
      offer_id: fc.constantFrom(15, 16),
      aff_id: fc.constantFrom(7, 8),
      currency: fc.constantFrom('USD', 'EUR'),
      kind: fc.oneof({ weight: 3, arbitrary: anyClick() }, anyConversion(), anyOther()),
    })
    .map(({ minute, atMs, seq, kind, ...fields }) =>
      sampleLine(seq, startMs + minute * 60_000 + atMs, { ...fields, ...kind }),
    );
}

/** At most one line of an id. */
export function anyLines(startMs = hour): fc.Arbitrary<readonly string[]> {
  return fc.uniqueArray(anyLine(startMs), { maxLength: 60, selector: (line) => line.slice(0, 49) });
}

function anyClick(): fc.Arbitrary<EventFields> {
  return fc.record({
    type: fc.constant('click'),
    visitor: fc.constantFrom('a', 'b', 'c'),
    payout_type: fc.constantFrom('cpc', 'cpa_flat'),
    payout: fc.constantFrom('0.10', '0.333333'),
  });
}

function anyConversion(): fc.Arbitrary<EventFields> {
  return fc.record({
    type: fc.constant('conversion'),
    conversion_key: fc.constantFrom('0', '4', '8', 'not a key').map((digit) => digit.repeat(32)),
    goal_id: fc.constantFrom(0, 3),
    status: fc.constantFrom('approved', 'approved', 'pending', 'rejected'),
    payout_type: fc.constant('cpa_flat'),
    payout: fc.constantFrom('1', '2.50'),
    revenue_type: fc.constant('cpa_percentage'),
    revenue_percent: fc.constant('7.5'),
    amount: fc.constantFrom('49.90', '100'),
  });
}

function anyOther(): fc.Arbitrary<EventFields> {
  return fc.constantFrom<EventFields[]>(
    { type: 'click', reason: 'offer-unknown', visitor: 'a' },
    { type: 'click', reason: 'offer-expired', redirect_offer_id: 16, visitor: 'b' },
    { type: 'impression', payout_type: 'cpm', payout: '1.50' },
    { type: 'preview' },
    { type: 'probe' },
    { type: 'big-decision' },
  );
}

/** Lines of a log as segments in groups: in any order, some of them again, some of them also redacted. */
interface Scattered {
  readonly lines: readonly string[];
  readonly groups: readonly (readonly (readonly string[])[])[];
}

export function scattered(lines: fc.Arbitrary<readonly string[]>): fc.Arbitrary<Scattered> {
  return lines.chain((all) => {
    const copies = fc.record({
      places: fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 2 }),
      isRedacted: fc.constantFrom(false, false, false, true),
    });
    return fc.tuple(...all.map(() => copies)).chain((made) => {
      const placed = all.flatMap((line, index) => {
        const { places = [], isRedacted = false } = made[index] ?? {};
        return places.map(([group, segment], copy) => {
          return { group, segment, line: isRedacted && copy === 0 ? redactedLine(line) : line };
        });
      });
      return fc.shuffledSubarray(placed, { minLength: placed.length }).map((shuffled) => ({
        lines: placed.map(({ line }) => line),
        groups: [0, 1, 2].map((group) =>
          [0, 1, 2].map((segment) =>
            shuffled.filter((one) => one.group === group && one.segment === segment).map(({ line }) => line),
          ),
        ),
      }));
    });
  });
}
