#!/usr/bin/env -S npx tsx
import { drillCommand } from '../drill/command.ts';
import { httpSender } from '../drill/sender.ts';
import { startLocalCloud } from '../local/cloud.ts';
import { UserError } from '../local/listen.ts';
import { TemplateRefused } from '../local/template/refusal.ts';

const clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
};

try {
  process.exitCode = await drillCommand(process.argv.slice(2), {
    clock,
    sender: httpSender,
    startCloud: async (options) => {
      const cloud = await startLocalCloud(options);
      process.once('SIGINT', () => void cloud.stop().finally(() => process.exit(130)));
      return cloud;
    },
    print: (line) => console.log(line),
    printError: (line) => console.error(line),
  });
} catch (error) {
  if (!(error instanceof UserError || error instanceof TemplateRefused)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
