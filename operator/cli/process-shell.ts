import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../lambda/aws/system-clock.ts';
import { systemRandom } from '../../lambda/aws/system-random.ts';
import { openSender } from '../../lambda/notify/send-postback.ts';
import { nodeHttp } from '../clients/http-client.ts';
import { privateFiles } from './private-files.ts';
import type { Shell } from './shell.ts';

// The SDK's advice to update Node is for developers of Keeptrack, not for operators.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** The parts of a shell that are the same for every process, with or without a person at the terminal. */
export const processShell: Omit<Shell, 'out' | 'error' | 'progress' | 'ask' | 'exitWith'> = {
  readFile: (path) => readFileSync(path, 'utf8'),
  writeFile: (path, text) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  },
  privateFiles,
  operatorKeyFile: (deployment) =>
    process.env['KEEPTRACK_OPERATOR_KEY'] ?? path.join(homedir(), '.keeptrack', `${deployment}-operator.json`),
  http: nodeHttp,
  openSender: () => openSender({ clock: systemClock }),
  clock: systemClock,
  random: systemRandom,
  userName: userName(),
  // Absent, whatever its type says, when the output goes to a file or a pipe.
  widthColumns: process.stdout.columns,
};

/**
 * Containers often run under a user id that has no entry in the passwd file. `userInfo` throws then, and most commands
 * need no name.
 */
export function userName(known: () => string = () => userInfo().username, environment = process.env): string {
  try {
    return known();
  } catch {
    return environment['USER'] ?? `uid ${process.getuid?.()}`;
  }
}
