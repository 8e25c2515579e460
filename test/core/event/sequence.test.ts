import { expect, test } from 'vitest';
import { encodeLine } from '../../../core/event/event.ts';
import { minuteStart, probeEvent } from '../../../core/event/probe.ts';
import { sequenceMark } from '../../../core/event/sequence.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';

const line = sampleLine(7, sampleMs, { captured_before: 3 });
const mark = { region: 'us-east-1', env: 'e1', seq: 7, at: sampleMs, capturedBefore: 3 };

test('the place of an event is read from a line with its keys in any order', () => {
  const usual = line.replace(',"offer_id":15', '').replace('"captured_before":3', '"captured_before":3,"offer_id":15');
  const { v, id, ...rest } = JSON.parse(line) as Record<string, unknown>;
  for (const each of [usual, line, JSON.stringify({ ...rest, id, v })]) expect(sequenceMark(each)).toEqual(mark);
});

test('an event without numbers has no place, and a link’s own parameters give it none', () => {
  const link = sampleLine(1, sampleMs, { aff_sub: '","env":"e9","seq":9,"captured_before":9' });
  const probe = encodeLine(probeEvent('us-east-1', minuteStart(sampleMs)));
  for (const each of [link, probe, 'no event', '{}']) expect(sequenceMark(each)).toBeUndefined();
});
