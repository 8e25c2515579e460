import type { DrillCheck } from '../evidence/evidence.ts';

/** I11: after a cap is used up, no more clicks are sent on than can come before anybody can know it. */
export const clicksAfterCaps: DrillCheck = ({ lateClicks }) =>
  lateClicks
    .filter(({ sentOn, bound }) => sentOn > bound.expected)
    .map(
      ({ cap, sentOn, bound, unseenMs }) =>
        `I11: ${sentOn} clicks were sent on after ${cap} was used up, and at most ${bound.expected} may come in ` +
        `${(unseenMs / 1_000).toFixed(1)} s`,
    );
