import { type AttributeValue, membersOf, type SetValue, typeOf } from '../attribute-value.ts';
import { InvalidRequest } from '../invalid-request.ts';

/** Both throw an InvalidRequest unless the two are sets of the same type. */
export function addToSet(before: AttributeValue, value: AttributeValue): AttributeValue {
  const [members, added] = bothMembers(before, value);
  return setOf(before, [...new Set([...members, ...added])]);
}

/** Undefined when nothing is left: there are no empty sets. */
export function takeFromSet(before: AttributeValue, value: AttributeValue): AttributeValue | undefined {
  const [members, taken] = bothMembers(before, value);
  const left = members.filter((member) => !taken.includes(member));
  return left.length === 0 ? undefined : setOf(before, left);
}

function bothMembers(before: AttributeValue, value: AttributeValue): [readonly string[], readonly string[]] {
  const [members, others] = [membersOf(before), membersOf(value)];
  if (members && others && typeOf(before) === typeOf(value)) return [members, others];
  throw new InvalidRequest('An operand in the update expression has an incorrect data type');
}

function setOf(like: AttributeValue, members: readonly string[]): SetValue {
  if ('SS' in like) return { SS: members };
  return 'NS' in like ? { NS: members } : { BS: members };
}
