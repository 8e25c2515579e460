import { isFinal } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { utcHour } from '../../cli/format.ts';
import type { Difference } from './compare-rows.ts';
import { agrees, type ComparedHour } from './reconcile-hours.ts';
import { countText } from './reconcile-text.ts';

/** docs/operations.md describes the shape. */
export function reconcileJson(compared: readonly ComparedHour[]) {
  return {
    agrees: compared.every(agrees),
    hours: compared.map((one) => ({
      ...one,
      hour: utcHour(one.hour),
      agrees: agrees(one),
      regions: one.regions.map(({ region, state, segments, events, unknown, unreadable, differences, causes }) => ({
        region,
        final: state !== undefined && isFinal(state),
        revision: state?.revision ?? 0,
        segments,
        events,
        unknown,
        unreadable,
        differences: differences.slice(0, limits.reconcile.differencesMax).map(differenceJson),
        causes,
      })),
    })),
  };
}

function differenceJson({ key, counter, inLog, inFigures }: Difference) {
  return {
    quarter: key.quarter,
    offer_id: key.offerId,
    affiliate_id: key.affiliateId,
    goal_id: key.goalId,
    region: key.region,
    currency: key.currency,
    counter: counter.replace(/_micros$/, ''),
    in_log: countText(counter, inLog),
    in_figures: countText(counter, inFigures),
  };
}
