import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { limits } from '../../core/limits/limits.ts';
import { assumptions } from '../capacity/assumptions.ts';
import { type Measured, quotas } from '../capacity/inputs.ts';
import { loadNames, type Weather, weathers } from '../capacity/loads.ts';
import { measureLedger } from '../ledger.ts';
import { manyRows } from '../sample-events.ts';
import { type CountedLoad, countCalls } from './count-calls.ts';
import { measureFacts } from './facts.ts';
import { measureFolding } from './folding.ts';
import { countNotify } from './notify-calls.ts';
import { measureHangingPeer, measureServing } from './serving.ts';
import { countTemplate } from './template-counts.ts';

/** What can be measured by itself. The rest of the file then stays as it is. */
export const measuredParts = [
  'serving',
  'hanging-peer',
  'templates',
  'folding',
  'facts',
  'notify',
  'ledger',
  'calls',
] as const;
export type MeasuredPart = (typeof measuredParts)[number];

const largeMillions = 20;
const file = 'bench/measured.json';
export const arrivals = {
  windowSeconds: limits.store.windowSeconds.usual,
  pollers: quotas.pollersToBeginWith.value,
  batchEventsMax: quotas.batchEventsMax.value,
};

/** Measures parts of what `capacityReport` calculates with, and writes them to bench/measured.json. Yields lines. */
export async function* measure(parts: readonly MeasuredPart[], day: string): AsyncGenerator<string> {
  for (const part of parts) {
    yield `${part} …`;
    const found = await measurements[part](readMeasured());
    const machine = `${cpus().length} shared cores with Node ${process.versions.node}`;
    const measured = { ...readMeasured(), asOf: day, machine, storeWindowSeconds: arrivals.windowSeconds, ...found };
    writeFileSync(file, `${JSON.stringify(measured, rounded, 2)}\n`);
    yield `  ${JSON.stringify(found, rounded)}`;
  }
  yield `Written to ${file}. Put the output of \`npm run bench -- capacity\` and \`npm run bench -- cost\` into docs/deploy.md.`;
}

function readMeasured(): Measured {
  return JSON.parse(readFileSync(file, 'utf8')) as Measured;
}

const measurements: Readonly<Record<MeasuredPart, (known: Measured) => Promise<Partial<Measured>>>> = {
  serving: async () => {
    const { callMicros, ...serving } = await measureServing(arrivals.batchEventsMax);
    return { serving, callMicros };
  },
  'hanging-peer': async () => {
    const { sqs, s3 } = quotas.answerMs;
    const answers = { queueLatencyMs: sqs.value, putLatencyMs: s3.value };
    return { hangingPeerBatchMs: await measureHangingPeer(arrivals.batchEventsMax, answers) };
  },
  templates: async () => ({ templates: { 'http-api': countTemplate('http-api'), alb: countTemplate('alb') } }),
  folding: async () => {
    const day = await measureFolding('day', 4, arrivals);
    const beyond = await measureFolding('beyond', 1, arrivals);
    const rows = await measureFolding('day', 3, { ...arrivals, spread: manyRows });
    return {
      statsEventMicros: day.eventMicros,
      statsMegabytes: beyond.residentMegabytes,
      segmentEventBytes: day.segmentBytes,
      foldEventBytes: day.foldBytes,
      conversionsEventBytes: day.conversionsBytes,
      rowsEventBytes: day.rowsBytes,
      indexItemBytes: day.indexItemBytes,
      manyRows: { statsEventMicros: rows.eventMicros, foldEventBytes: rows.foldBytes, rowsEventBytes: rows.rowsBytes },
    };
  },
  facts: async () => ({ facts: await measureFacts(arrivals) }),
  notify: async () => {
    const options = {
      s3Ms: quotas.answerMs.s3.value,
      sqsMs: quotas.answerMs.sqs.value,
      partnerMs: assumptions.partnerMs.value,
    };
    return { notify: { small: await countNotify('small', options), day: await countNotify('day', options) } };
  },
  ledger: async () => {
    const [small, large] = [await measureLedger(1_000_000), await measureLedger(largeMillions * 1e6)];
    const microsOf = (one: typeof small) => one.foldMicros + one.finalMicros;
    return {
      ledgerEventMicros: large.finalMicros,
      ledgerHour: {
        millionEvents: largeMillions,
        largeToSmall: microsOf(large) / microsOf(small),
        megabytes: large.residentMegabytes,
      },
    };
  },
  calls: async ({ segmentEventBytes }) => {
    const calls: Record<Weather, Record<string, CountedLoad>> = { 'good weather': {}, 'the peer hangs': {} };
    for (const load of loadNames) {
      const counted = await countCalls({ ...arrivals, load, latencies, eventBytes: segmentEventBytes });
      for (const weather of weathers) calls[weather][load] = counted[weather];
    }
    return { calls: calls as Measured['calls'] };
  },
};

const latencies = { s3Ms: quotas.answerMs.s3.value, dynamodbMs: quotas.answerMs.dynamodb.value };

/** Four digits that count: more would say what was not measured. */
function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
