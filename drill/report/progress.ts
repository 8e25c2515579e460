import type { CloudState } from '../../local/handle.ts';
import { isFailureQueue, isIntakeQueue } from '../evidence/queue-role.ts';
import { messagesIn } from '../evidence/settle.ts';
import { faultText } from '../faults/fault-windows.ts';
import { actionText } from '../faults/steps.ts';
import { isAnswered, isUnconfirmed } from '../load/sent-record.ts';
import type { DrillProgress } from '../run-drill.ts';

/** Prints each event of the drill when it happens, and every few seconds the state of the load. */
export function progressLines(print: (line: string) => void): DrillProgress {
  let shownAtMs = 0;
  const at = (atMs: number, text: string) => print(`${(atMs / 1_000).toFixed(1).padStart(7)} s  ${text}`);
  return {
    warmingUp: () => print('warming up the first environments …'),
    idling: (durationMs) => print(`idle: no load for ${durationMs / 1_000} s …`),
    loadStarted: () => at(0, 'the load begins'),
    faultStarted: ({ fault }, atMs) => at(atMs, `BREAKS  ${faultText(fault)}`),
    faultEnded: ({ fault }, strikes, atMs) => {
      // A fault that struck nothing fails the drill, so the user should know it at once.
      const effect = strikes === 0 ? 'IT STRUCK NOTHING' : `it struck ${strikes} times`;
      at(atMs, `HEALS   ${faultText(fault)}; ${effect}`);
    },
    stepBegun: ({ action }, atMs) => at(atMs, `STEP    ${actionText(action)}`),
    stepDone: ({ action, outcome }, atMs) => {
      at(atMs, `DONE    ${actionText(action)}: ${outcome.exitCode === 0 ? 'succeeded' : outcome.errors.join('; ')}`);
    },
    looked: (atMs, { records, underWay }, state) => {
      if (atMs - shownAtMs < showIntervalMs) return;
      shownAtMs = atMs;
      const answered = records.filter(isAnswered).length;
      const parts = [
        `${answered} answered`,
        `${records.length - answered} refused`,
        `${records.filter(isUnconfirmed).length} unconfirmed`,
        `${underWay()} waiting for an answer`,
        `intake queues hold ${held(state, isIntakeQueue)}`,
        `failure queues hold ${held(state, isFailureQueue)}`,
        `segments ${state.regions.map(({ bucket }) => bucket.segments).join(' / ')}`,
        `the name leads to ${state.nameAnswers}`,
      ];
      at(atMs, parts.join(', '));
    },
    healed: (atMs) => at(atMs, 'the load has ended and all faults are healed; waiting until everything is delivered'),
    settled: (atMs) => at(atMs, 'asking the ledgers, and reading both logs and the figures of both regions'),
  };
}

const showIntervalMs = 5_000;

function held({ regions }: CloudState, isMeant: (queueName: string) => boolean): number {
  return regions
    .flatMap(({ queues }) => queues)
    .filter(({ name }) => isMeant(name))
    .reduce((sum, queue) => sum + messagesIn(queue), 0);
}
