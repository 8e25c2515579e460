import { describe, expect, test, vi } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
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

describe('what is printed', () => {
  function printed(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    powertoolsLog('track').error('said', fields);
    const [[line] = []] = write.mock.calls;
    write.mockRestore();
    return JSON.parse(String(line));
  }

  test('of a text is bounded', () => {
    const { path } = printed({ path: 'x'.repeat(100_000) });
    expect(String(path).length).toBe(limits.logs.textCharactersMax + 1);
  });

  test('of an event that no rung took is everything, however long', () => {
    const event = { id: 'an-id', params: { a: 'x'.repeat(60_000) } };
    expect(printed({ unconfirmed: event })['unconfirmed']).toEqual(event);
  });

  test('of an error is its name, message and stack, bounded, and nothing that a library hung on it', () => {
    const cause = new Error('with a header: s3cret');
    const error = Object.assign(new TypeError('y'.repeat(100_000), { cause }), {
      $response: { authorization: 's3cret' },
    });
    const { error: said } = printed({ error });
    expect(Object.keys(said as object)).toEqual(['name', 'message', 'stack']);
    expect(JSON.stringify(said).length).toBeLessThan(3 * limits.logs.textCharactersMax);
    expect(JSON.stringify(said)).not.toContain('s3cret');
  });

  test('cannot begin a line of its own', () => {
    expect(printed({ path: 'a\n{"level":"ERROR"}\u2028' })).toMatchObject({ path: 'a\n{"level":"ERROR"}\u2028' });
  });
});
