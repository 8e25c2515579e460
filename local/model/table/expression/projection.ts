import type { AttributeMap, AttributeValue } from '../attribute-value.ts';
import { checkApart, elementOf, type Path, readPath } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html */
export function readProjection(reader: TokenReader, placeholders: Placeholders): readonly Path[] {
  const paths = [readPath(reader, placeholders)];
  while (reader.takeIf(',')) paths.push(readPath(reader, placeholders));
  reader.expectEnd();
  checkApart(paths, reader);
  return paths;
}

/** What the paths lead to, in the maps and lists around it; elements of lists move together. */
export function project(item: AttributeMap, paths: readonly Path[]): AttributeMap {
  return pickFromMap(item, paths);
}

type Steps = readonly (string | number)[];

function pickFromMap(map: AttributeMap, wanted: readonly Steps[]): AttributeMap {
  const names = Object.keys(map).filter((name) => wanted.some(([first]) => first === name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const picked = pick({ M: map }, name, wanted);
      return picked ? [[name, picked]] : [];
    }),
  );
}

function pickFromList(list: readonly AttributeValue[], wanted: readonly Steps[]): readonly AttributeValue[] {
  const picked = list.map((_, index) =>
    wanted.some(([first]) => first === index) ? pick({ L: list }, index, wanted) : undefined,
  );
  return picked.filter((one) => one !== undefined);
}

/** Of one element, what the paths that begin with it want; undefined when they lead nowhere. */
function pick(whole: AttributeValue, element: string | number, wanted: readonly Steps[]): AttributeValue | undefined {
  const value = elementOf(whole, element);
  const inner = wanted.filter(([first]) => first === element).map(([, ...rest]) => rest);
  if (!value || inner.some((rest) => rest.length === 0)) return value;
  if ('M' in value) {
    const map = pickFromMap(value.M, inner);
    return Object.keys(map).length > 0 ? { M: map } : undefined;
  }
  const list = 'L' in value ? pickFromList(value.L, inner) : [];
  return list.length > 0 ? { L: list } : undefined;
}
