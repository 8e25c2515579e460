import { beforeEach, describe, expect, test } from 'vitest';
import type { ErasureCriterion } from '../../../../core/event/erasure.ts';
import {
  FactsBlockWriter,
  factsHash,
  factsPartOf,
  findInPart,
  readFactsHead,
} from '../../../../core/figures/facts-block.ts';
import { factsKey, factsPrefix } from '../../../../core/ledger/object-keys.ts';
import { hourStart, minuteMs } from '../../../../core/log/log-key.ts';
import type { BucketModel } from '../../../../local/model/bucket.ts';
import { eraseFactsOf } from '../../../../operator/commands/erase/erase-facts.ts';
import { scanLogs } from '../../../../operator/commands/erase/scan-logs.ts';
import { regionNames, type SimulatedWorld } from '../../../../simulation/world.ts';
import { eventOf } from '../../../core/figures/fold-lines.ts';
import { logSegments } from '../../../lambda/figures-view.ts';
import { home, worldWith } from '../../../lambda/world-view.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { Killed, modelLog, Operator } from '../../model-log.ts';

const hers: ErasureCriterion = { kind: 'sub-ids', values: new Map([['aff_sub', 'her']]) };
const range = { fromMs: hourStart(sampleMs), toMs: hourStart(sampleMs) };
const click = (seq: number, atMs: number, aff_sub: string) =>
  sampleLine(seq, atMs, { aff_id: 7, txn: `txn-${seq}`, aff_sub });
const lines = [
  click(1, sampleMs, 'her'),
  click(2, sampleMs, 'him'),
  click(3, sampleMs + minuteMs, 'her'),
  click(4, sampleMs + 2 * minuteMs, 'him'),
];
const name = (digit: number) => String(digit).repeat(32);

let world: SimulatedWorld;
beforeEach(fill);

function fill(): void {
  world = worldWith();
  logSegments(world, lines);
  for (const { bucket } of Object.values(world.regions)) {
    bucket.put(factsKey(sampleMs, name(1)), blockOf(lines.slice(0, 2)));
    bucket.put(factsKey(sampleMs, name(2)), blockOf(lines.slice(1, 2)));
    bucket.put(factsKey(sampleMs + minuteMs, name(1)), blockOf(lines.slice(2, 3)));
    bucket.put(factsKey(sampleMs + 2 * minuteMs, name(1)), blockOf(lines.slice(3)));
  }
}

function blockOf(some: readonly string[]): Uint8Array {
  const writer = new FactsBlockWriter();
  for (const line of some) writer.add(eventOf(line));
  return writer.encode() ?? new Uint8Array();
}

async function erase(operator = new Operator()): Promise<void> {
  const logs = regionNames.map((region) => modelLog(world.regions[region].bucket, operator));
  const { facts } = await scanLogs(logs, range, hers, () => {});
  await eraseFactsOf(logs, facts);
}

/** What all versions of all blocks say, by transaction id. */
function said(bucket: BucketModel): readonly string[] {
  return bucket.listVersions({ prefix: factsPrefix }).versions.flatMap(({ key, versionId }) => {
    const object = bucket.get(key, { versionId });
    const block = object.kind === 'ok' ? object.value.body : new Uint8Array();
    return ['txn-1', 'txn-2', 'txn-3', 'txn-4'].flatMap((id) => {
      const { fromByte = 0, toByte = 0 } = factsPartOf(readFactsHead(block) ?? [], factsHash(id)) ?? {};
      const facts = findInPart(block.subarray(fromByte, toByte), [factsHash(id)])?.get(factsHash(id));
      return facts === undefined ? [] : [`${id} ${facts === 'erased' ? facts : facts['aff_sub']}`];
    });
  });
}

const erased = ['txn-1 erased', 'txn-2 him', 'txn-2 him', 'txn-3 erased', 'txn-4 him'];

describe('an erasure', () => {
  test('takes the person out of the facts of both regions in every version, and nobody else', async () => {
    await erase();
    for (const region of regionNames) expect(said(world.regions[region].bucket).toSorted()).toEqual(erased);
  });

  test('that was killed at any step is finished by the next one', async () => {
    const whole = new Operator();
    await erase(whole);
    for (let step = 1; step <= whole.steps; step += 3) {
      fill();
      await expect(erase(new Operator(step))).rejects.toThrow(Killed);
      await erase();
      for (const region of regionNames) expect(said(world.regions[region].bucket).toSorted()).toEqual(erased);
    }
  });

  test('deletes a block that it cannot understand', async () => {
    const { bucket } = world.regions[home];
    bucket.put(factsKey(sampleMs, name(3)), Buffer.from('of a later release'));
    await erase();
    expect(bucket.keys(factsPrefix)).not.toContain(factsKey(sampleMs, name(3)));
    expect(bucket.keys(factsPrefix)).toHaveLength(4);
  });
});
