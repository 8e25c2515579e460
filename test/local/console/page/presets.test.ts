import { expect, test } from 'vitest';
import { presets } from '../../../../local/console/page/faults.js';
import { parseFault } from '../../../../local/fault/parse-fault.ts';

test.each(presets)('the button "$label" breaks something: its fault is one that the cloud takes', ({ fault }) => {
  expect(parseFault({ region: 'us-east-1', ...fault }, ['us-east-1', 'us-west-2'])).toMatchObject({ kind: 'valid' });
});
