/** `npm start`: the local cloud, until interrupted. */
import { startLocalCloud } from '../local/cloud.ts';
import { localCommand } from '../local/command.ts';
import { openPrinter } from '../operator/cli/printer.ts';

let interrupt = () => {};
const interrupted = new Promise<void>((resolve) => {
  interrupt = resolve;
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
// Nobody sees any more where the cloud is.
const { print, printError } = openPrinter(interrupt);

process.exitCode = await localCommand(process.argv.slice(2), {
  nowMs: () => Date.now(),
  start: startLocalCloud,
  print,
  printError,
  interrupted,
});
