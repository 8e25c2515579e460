import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { readIntakeBody } from '../../../core/log/intake.ts';
import { keyTimeEndMs } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { idOf, sampleLine, sampleLines, sampleMs } from '../../sample-lines.ts';

describe('the body of an intake message', () => {
  test('is event lines, with or without a newline at the end', () => {
    const lines = sampleLines(3);
    for (const body of [lines.join('\n'), `${lines.join('\n')}\n`]) {
      expect(readIntakeBody(body)).toEqual({ lines, poison: new Map() });
    }
  });

  test('keeps every good line, and groups bad lines by reason', () => {
    const [first = '', second = ''] = sampleLines(2);
    const tooLong = sampleLine(3, sampleMs, { aff_sub: 'x'.repeat(limits.event.lineBytesMax) });
    const tooLate = sampleLine(4, keyTimeEndMs);
    const otherType = first.replace('"type":"click"', '"type":"Click!"');
    const body = ['{', first, tooLong, '[]', tooLate, second, 'null', '{"v":0}', otherType].join('\n');
    expect(readIntakeBody(body)).toEqual({
      lines: [first, second],
      poison: new Map([
        ['not-json', ['{']],
        ['line-too-long', [tooLong]],
        ['not-an-event', ['[]', 'null']],
        ['bad-time', [tooLate]],
        ['bad-version', ['{"v":0}']],
        ['bad-type', [otherType]],
      ]),
    });
  });

  test('keeps events that only a later release understands, as they came', () => {
    const [line = ''] = sampleLines(1);
    const later = [line.replace('"type":"click"', '"type":"verdict"'), line.replace('{"v":1,', '{"v":2,')];
    expect(readIntakeBody(later.join('\n'))).toEqual({ lines: later, poison: new Map() });
  });

  test('accepts no line whose id differs when the whole line is parsed', () => {
    const [good = ''] = sampleLines(1);
    const twice = good.replace('"id":', '"id":"x","id":');
    const escaped = good.replace('"id":"0', String.raw`"id":"\u0030`);
    expect(readIntakeBody([twice, good, escaped].join('\n'))).toEqual({
      lines: [good],
      poison: new Map([['bad-id', [twice, escaped]]]),
    });
  });

  test('without any line is poison', () => {
    expect(readIntakeBody('\n\n')).toEqual({ lines: [], poison: new Map([['no-lines', ['\n\n']]]) });
  });
});

const [anyGood = ''] = sampleLines(1);
const member = fc.constantFrom(
  ...['"v":1', '"type":"click"', '"id":"x"', '"id":1', '"id":"ffffffff-ffff-7fff-bfff-ffffffffffff"', '', '{'],
  `"id":"${idOf(anyGood)}"`,
);
const anyLine = fc.oneof(
  fc.array(member, { maxLength: 5 }).map((members) => `{${members.join(',')}}`),
  fc.constantFrom(anyGood, '', '\r', '[]'),
);

test('whatever a body holds, its good lines make segments that have all their ids', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 8 }), (bodyLines) => {
      const { lines } = readIntakeBody(bodyLines.join('\n'));
      const stored = segmentsOf(lines).flatMap(({ eventIds }) => eventIds);
      expect(new Set(stored)).toEqual(new Set(lines.map(idOf)));
    }),
    { numRuns: 2_000 },
  );
});
