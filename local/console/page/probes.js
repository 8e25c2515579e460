/** @import { CloudState, RegionState } from '../../handle.ts' */

/**
 * How old the newest probe of each region is in each log, as this region's watch saw it last: what it said of a log before
 * that one stopped to answer stays.
 *
 * @param {CloudState} state
 * @param {RegionState} now
 * @returns {readonly (readonly string[])[]}
 */
export function probeRows(state, now) {
  const peer = state.regions.find(({ region }) => region !== now.region)?.region ?? 'peer';
  /** @type {Record<string, string>} */
  const names = { home: now.region, peer };
  return ['home', 'peer'].flatMap((log) =>
    ['home', 'peer'].flatMap((of) => {
      const minutes = now.metrics[`ProbeAgeMinutes{of=${of},log=${log}}`];
      return minutes === undefined ? [] : [[`${names[of]}'s in ${names[log]}`, `${minutes} min old`]];
    }),
  );
}
