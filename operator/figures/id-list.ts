import { InvalidArgumentError } from 'commander';

/** Parses an option that takes ids with commas, and may be given several times. */
export function idList(text: string, before: readonly number[] = []): readonly number[] {
  const found = text.split(',').map((id) => id.trim());
  const wrong = found.find((id) => !/^\d{1,15}$/.test(id));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is no id.`);
  return [...before, ...found.map(Number)];
}
