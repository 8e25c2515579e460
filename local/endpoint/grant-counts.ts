import type { GrantUse } from '../handle.ts';
import type { FunctionTemplate, PolicyStatement } from '../template/region-template.ts';
import { isAllowed, matches } from './policy.ts';

interface Grantee {
  readonly region: string;
  readonly functionName: string;
}

/** Counts how often functions use each grant of their policies. */
export class GrantCounts {
  readonly #uses = new Map<string, number>();

  /** Whether the policy grants the action. If so, every statement that grants it counts as used. */
  check(grantee: Grantee, policy: readonly PolicyStatement[], action: string, resource: string): boolean {
    if (!isAllowed(policy, action, resource)) return false;
    for (const pair of pairsOf(policy)) {
      // Actions are compared without regard to case, ARNs with it.
      if (!matches(pair.action.toLowerCase(), action.toLowerCase()) || !matches(pair.resource, resource)) continue;
      const name = nameOf(grantee, pair);
      this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
    }
    return true;
  }

  /** Every grant of the policies of a region's functions, used or not. */
  grants(region: string, functions: readonly FunctionTemplate[]): readonly GrantUse[] {
    return functions.flatMap(({ name: functionName, policy }) =>
      pairsOf(policy).map((pair) => {
        const grantee = { region, functionName };
        return { ...grantee, ...pair, used: this.#uses.get(nameOf(grantee, pair)) ?? 0 };
      }),
    );
  }
}

interface Pair {
  readonly action: string;
  readonly resource: string;
}

function pairsOf(policy: readonly PolicyStatement[]): Pair[] {
  return policy
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
    );
}

function nameOf({ region, functionName }: Grantee, { action, resource }: Pair): string {
  return [region, functionName, action, resource].join(' ');
}
