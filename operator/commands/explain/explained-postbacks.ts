import type { Delivery } from '../../../core/postbacks/delivery-state.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { deliveriesAt, PostbacksFailure, withPostbackBuckets } from '../../clients/postback-objects.ts';
import type { Explanation } from './explanation.ts';

/** The postbacks of a transaction's conversions. `unread`: why nobody knows them. */
export interface ExplainedPostbacks {
  readonly deliveries: readonly Delivery[];
  readonly unread?: string;
}

export function explainPostbacks(
  { conversions }: Pick<Explanation, 'conversions'>,
  deployment: Deployment,
): Promise<ExplainedPostbacks> {
  return withPostbackBuckets(deployment, async (buckets) => {
    try {
      const found = conversions.map(({ key, first }) => deliveriesAt(buckets, key, first.id));
      return { deliveries: (await Promise.all(found)).flat() };
    } catch (error) {
      if (!(error instanceof PostbacksFailure)) throw error;
      return { deliveries: [], unread: error.message };
    }
  });
}
