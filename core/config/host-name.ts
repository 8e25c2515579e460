import { z } from 'zod';
import { limits } from '../limits/limits.ts';

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Why `name` is not the full name of a host, in words for the person who wrote it. Undefined when it is one. */
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

export const hostName = z.string().superRefine((name, context) => {
  const problem = hostNameProblem(name);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

export function isInZone(name: string, zoneName: string): boolean {
  return name === zoneName || name.endsWith(`.${zoneName}`);
}
