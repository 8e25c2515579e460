import type { Condition, Measured } from './condition.ts';
import type { Path } from './path.ts';

/** Every path that a condition looks at. */
export function pathsIn(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'or':
    case 'and':
      return [...pathsIn(condition.left), ...pathsIn(condition.right)];
    case 'not':
      return pathsIn(condition.inner);
    case 'exists':
    case 'type':
      return [condition.path];
    case 'between':
      return [condition.operand, condition.low, condition.high].flatMap(pathOf);
    case 'in':
      return [condition.operand, ...condition.candidates].flatMap(pathOf);
    default:
      return [condition.left, condition.right].flatMap(pathOf);
  }
}

function pathOf(measured: Measured): Path[] {
  return measured.kind === 'value' ? [] : [measured.path];
}
