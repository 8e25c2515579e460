/** @import { RegionState } from '../../handle.ts' */

/**
 * Sum of a metric over all its dimensions: `Captured{rung=…}` and `Captured` alike.
 *
 * @param {RegionState} region
 * @param {string} name
 */
export function metricTotal(region, name) {
  let total = 0;
  for (const [key, value] of Object.entries(region.metrics)) {
    if (key === name || key.startsWith(`${name}{`)) total += value;
  }
  return total;
}

/**
 * A metric by the values of its dimension, for example `{ 'intake-home': 12 }`.
 *
 * @param {RegionState} region
 * @param {string} name
 * @returns {Record<string, number>}
 */
export function metricByDimension(region, name) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const [key, value] of Object.entries(region.metrics)) {
    const dimension = key.startsWith(`${name}{`) ? key.slice(name.length + 1, -1).split('=')[1] : undefined;
    if (dimension !== undefined) sums[dimension] = (sums[dimension] ?? 0) + value;
  }
  return sums;
}

/** Segments come in bursts, one batch window apart; a rate over fewer looks than this would only show the window. */
const smoothedLooks = 5;

/**
 * Keeps the last minute of a counter and tells how fast it grows.
 *
 * @param {number} samplesMax
 */
export function createRate(samplesMax = 60) {
  /** @type {{ atMs: number, total: number }[]} */
  const looks = [];
  /** @type {number[]} */
  const perSecond = [];
  return {
    /**
     * @param {number} atMs
     * @param {number} total
     */
    add(atMs, total) {
      const oldest = looks[0];
      looks.push({ atMs, total });
      if (looks.length > smoothedLooks) looks.shift();
      if (!oldest || atMs <= oldest.atMs) return;
      perSecond.push(Math.max(0, ((total - oldest.total) * 1000) / (atMs - oldest.atMs)));
      if (perSecond.length > samplesMax) perSecond.shift();
    },
    latest: () => perSecond.at(-1) ?? 0,
    samples: () => /** @type {readonly number[]} */ (perSecond),
  };
}
