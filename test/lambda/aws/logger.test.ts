import { expect, test, vi } from 'vitest';
import { powertoolsLog } from '../../../lambda/aws/logger.ts';

test('an event is one line of JSON, whole', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const event = { v: 1, id: 'an-id', type: 'click', aff_sub: 'two\nlines', nested: { message: 'kept' } };
  powertoolsLog('track').error('no rung took an event', { unconfirmed: event });
  const lines = write.mock.calls.map(([line]) => String(line));
  write.mockRestore();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'ERROR',
    message: 'no rung took an event',
    service: 'track',
    unconfirmed: event,
  });
});
