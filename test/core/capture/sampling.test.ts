import { describe, expect, test } from 'vitest';
import { isSampled } from '../../../core/capture/sampling.ts';

const ids = Array.from({ length: 20_000 }, (_, index) => `event-${index}`);

describe('a sample by id', () => {
  test('takes no id at 0 and every id at 1', () => {
    expect(ids.filter((id) => isSampled(id, 0))).toEqual([]);
    expect(ids.filter((id) => isSampled(id, 1))).toEqual(ids);
  });

  test('takes about 1 id in N, and always the same ids', () => {
    const sampled = ids.filter((id) => isSampled(id, 100));
    expect(sampled.length).toBeGreaterThan(140);
    expect(sampled.length).toBeLessThan(260);
    expect(ids.filter((id) => isSampled(id, 100))).toEqual(sampled);
  });
});
