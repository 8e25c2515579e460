/** `npm start`: the local cloud, until interrupted. */
import { startLocalCloud } from '../local/cloud.ts';
import { localCommand } from '../local/command.ts';

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
});

process.exitCode = await localCommand(process.argv.slice(2), {
  nowMs: () => Date.now(),
  start: startLocalCloud,
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  interrupted,
});
