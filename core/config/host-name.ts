import { limits } from '../limits/limits.ts';

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** What is wrong with `name` as the full name of a host, in words for whoever wrote it; undefined when nothing is. */
export function hostNameProblem(name: string): string | undefined {
  if (name.includes('*')) return 'must be one name and not a wildcard';
  if (name !== name.toLowerCase()) return 'must be in lower case';
  if (name.length > limits.domain.nameCharactersMax) {
    return `must have at most ${limits.domain.nameCharactersMax} characters`;
  }
  const labels = name.split('.');
  const isHostName = labels.length > 1 && labels.every((part) => label.test(part));
  return isHostName
    ? undefined
    : 'must be a host name such as go.example.com, without a scheme, a port or a dot at its end';
}
