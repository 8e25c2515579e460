import { userInfo } from 'node:os';

/** Containers often run under a number that no passwd file knows: `userInfo` throws then, and most commands need no name. */
export function userName(known: () => string = () => userInfo().username, environment = process.env): string {
  try {
    return known();
  } catch {
    return environment['USER'] ?? `uid ${process.getuid?.()}`;
  }
}
