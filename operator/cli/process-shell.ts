import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../lambda/aws/system-clock.ts';
import { systemRandom } from '../../lambda/aws/system-random.ts';
import { nodeHttp } from '../clients/http.ts';
import type { Shell } from './shell.ts';
import { userName } from './user-name.ts';

// The SDK's advice to update Node is for whoever maintains this, not for whoever runs it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** What a process has, whoever reads what the command prints. */
export const processShell: Pick<Shell, 'readFile' | 'writeFile' | 'http' | 'clock' | 'random' | 'userName'> = {
  readFile: (path) => readFileSync(path, 'utf8'),
  writeFile: (path, text) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  },
  http: nodeHttp,
  clock: systemClock,
  random: systemRandom,
  userName: userName(),
};
