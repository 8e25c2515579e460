import { callOutcome } from '../../core/call-outcome.ts';
import {
  dayStateKey,
  dayUniquesNames,
  directoryKey,
  hourStateKey,
  offerPk,
  parseRowNames,
} from '../../core/figures/table-keys.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { digestOf, hourOfManifest, ledgerDayPrefix } from '../../core/ledger/object-keys.ts';
import { slicesFor } from '../../core/ledger/slices.ts';
import { type DayUnique, DayVisits } from '../../core/ledger/visits-object.ts';
import { limits } from '../../core/limits/limits.ts';
import type { TableDelete, TableItem, TablePut, TableTest } from '../../core/ports.ts';
import { retryTableCall } from '../shared/retry-table-call.ts';
import { readManifest } from './manifests.ts';
import { listObjects, needObject } from './objects.ts';
import { writeAll } from './publish.ts';
import { queryAll } from './query-all.ts';
import { done, type LedgerPorts, left, newToken, refused, type Step } from './steps.ts';

const { tableBudgetMs, tableCallsAtOnceMax, attemptsMax, dayVisitsMax } = limits.ledger;

export type DayOutcome = 'counted' | 'unchanged';

/**
 * Counts the visitors of a day (UTC, `2026-11-23`) from the visits of its final hours, unless the last count had the
 * same sources. While rows are written, the state of the day says `counting` and by which run. A run that is killed or
 * overtaken leaves that state behind, and the next run counts the day again. A day whose manifests expired keeps its
 * counts.
 */
export async function countDay(day: string, ports: LedgerPorts, endMs: number): Promise<Step<DayOutcome>> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const latest = await manifestsOfDay(day, ports, endMs);
    if (latest.kind === 'left') return latest;
    const { keys, isWhole } = latest.value;
    const sources = digestOf(keys);
    const state = await ports.table.get([dayStateKey(day)], tableBudgetMs);
    if (state.kind === 'failed') return refused(`cannot read the state of ${day}`, state.answer);
    // A run that was overtaken has overwritten rows of the other run, so it counts again whatever the state says.
    if (attempt === 1 && state.value[0]?.['sources'] === sources) return done('unchanged');
    if (!isWhole) return done('unchanged');
    const counted = await countFrom(day, keys, sources, ports, endMs);
    if (counted.kind === 'left' || counted.value === 'counted') return counted as Step<DayOutcome>;
  }
  return left(`other runs count ${day} all the time`);
}

async function countFrom(
  day: string,
  manifests: readonly string[],
  sources: string,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<'counted' | 'overtaken'>> {
  const token = `counting ${newToken(ports)}`;
  const begun = await writeState(day, token, [], ports, endMs);
  if (begun.kind === 'left') return begun;
  const uniques = await visitorsOf(manifests, ports, endMs);
  if (uniques.kind === 'left') return uniques;
  const written = await writeUniques(day, uniques.value, ports, endMs);
  if (written.kind === 'left') {
    // Another run may have finished the day meanwhile, and this run has overwritten some of its counts.
    await writeState(day, token, [], ports, endMs);
    return written;
  }
  return writeState(day, sources, [{ attribute: 'sources', is: 'equal', value: token }], ports, endMs);
}

async function writeState(
  day: string,
  sources: string,
  when: readonly TableTest[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<'counted' | 'overtaken'>> {
  const answer = await retryTableCall(
    (budgetMs) =>
      ports.table.write(
        { kind: 'put', item: { ...dayStateKey(day), sources }, ...(when.length > 0 && { when }) },
        budgetMs,
      ),
    ports,
    endMs + tableBudgetMs,
  );
  const outcome = callOutcome(answer);
  if (outcome === 'done') return done('counted');
  return outcome === 'unmet' ? done('overtaken') : refused(`cannot write the state of ${day}`, answer);
}

interface DayManifests {
  /** Of each hour of the day that was made final, the key of the latest manifest. */
  readonly keys: readonly string[];
  /** False when there are none, or when manifests of some hours expired. */
  readonly isWhole: boolean;
}

/**
 * A run writes an hour's manifest before its state. So the manifests are listed after the states: then none is missing of
 * an hour that another run makes final meanwhile.
 */
async function manifestsOfDay(day: string, ports: LedgerPorts, endMs: number): Promise<Step<DayManifests>> {
  const { pk } = hourStateKey(day);
  const states = await queryAll({ pk, from: day, to: `${day}~` }, ports, endMs);
  if (states.kind === 'left') return states;
  const latest = await latestManifestKeys(day, ports);
  if (latest.kind === 'left') return latest;
  const keys = latest.value;
  return done({ keys, isWhole: keys.length > 0 && keys.length >= states.value.length });
}

/** The latest manifest of each final hour of the day. */
async function latestManifestKeys(day: string, { buckets }: LedgerPorts): Promise<Step<readonly string[]>> {
  const listed = await listObjects(buckets.home.bucket, ledgerDayPrefix(day));
  if (listed.kind === 'left') return listed;
  const latest = new Map<string, string>();
  for (const { key } of listed.value) {
    const hour = hourOfManifest(key);
    if (hour !== undefined) latest.set(hour, key);
  }
  return done([...latest.values()]);
}

async function visitorsOf(
  manifests: readonly string[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<readonly DayUnique[]>> {
  const { bucket } = ports.buckets.home;
  const read = await inParallel(manifests, limits.ledger.hoursAtOnceMax, (key) => readManifest(bucket, key));
  const failure = read.find((step) => step.kind === 'left');
  if (failure?.kind === 'left') return failure;
  const manifestsRead = read.flatMap((step) => (step.kind === 'done' ? [step.value] : []));
  const keys = manifestsRead.flatMap(({ visits }) => visits);
  const clicks = manifestsRead.reduce((sum, { totals }) => sum + Number(totals.unique_clicks ?? 0n), 0);
  const of = slicesFor(clicks, dayVisitsMax);
  const uniques = new Map<string, DayUnique>();
  for (let slice = 0; slice < of; slice += 1) {
    const counted = await countSlice(keys, new DayVisits(slice, of), ports, endMs);
    if (counted.kind === 'left') return counted;
    for (const unique of counted.value) addTo(uniques, unique);
  }
  return done([...uniques.values()]);
}

async function countSlice(
  keys: readonly string[],
  visits: DayVisits,
  { buckets, clock }: LedgerPorts,
  endMs: number,
): Promise<Step<readonly DayUnique[]>> {
  for (const key of keys) {
    if (clock.nowMs() >= endMs) return left('the time is over');
    const object = await needObject(buckets.home.bucket, key);
    if (object.kind === 'left') return object;
    if (!visits.add(object.value)) return left(`${key} cannot be understood`);
  }
  return done(visits.uniques());
}

function addTo(uniques: Map<string, DayUnique>, { offerId, affiliateId, visitors }: DayUnique): void {
  const name = `${offerId}#${affiliateId}`;
  const before = uniques.get(name)?.visitors ?? 0;
  uniques.set(name, { offerId, affiliateId, visitors: before + visitors });
}

/** Writes the counts that changed, and removes those of offers and affiliates without visitors. */
async function writeUniques(
  day: string,
  uniques: readonly DayUnique[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  const standing = await standingUniques(day, ports, endMs);
  if (standing.kind === 'left') return standing;
  const wanted = new Map(
    uniques.map(({ offerId, affiliateId, visitors }) => {
      const names = dayUniquesNames(day, offerId, affiliateId);
      return [`${names.pk} ${names.sk}`, { ...names, day_unique_clicks: BigInt(visitors) }];
    }),
  );
  const counts = new Map(standing.value.map((item) => [`${item['pk']} ${item['sk']}`, item['day_unique_clicks']]));
  const puts = [...wanted]
    .filter(([name, item]) => counts.get(name) !== item.day_unique_clicks)
    .map(([, item]): TablePut => ({ kind: 'put', item }));
  const deletes = standing.value
    .filter(({ pk, sk }) => !wanted.has(`${pk} ${sk}`))
    .map(({ pk, sk }): TableDelete => ({ kind: 'delete', key: { pk: `${pk}`, sk: `${sk}` } }));
  return writeAll([...puts, ...deletes], ports, endMs);
}

async function standingUniques(day: string, ports: LedgerPorts, endMs: number): Promise<Step<readonly TableItem[]>> {
  const directory = await ports.table.get([directoryKey(day)], tableBudgetMs);
  if (directory.kind === 'failed') return refused(`cannot read the directory of ${day}`, directory.answer);
  const offers = directory.value[0]?.['offers'];
  const found = await inParallel(Array.isArray(offers) ? offers : [], tableCallsAtOnceMax, (offerId) =>
    queryAll({ pk: offerPk(Number(offerId)), from: `${day}#u#`, to: `${day}#u$` }, ports, endMs),
  );
  const failure = found.find((step) => step.kind === 'left');
  if (failure?.kind === 'left') return failure;
  const items = found.flatMap((step) => (step.kind === 'done' ? step.value : []));
  return done(items.filter(({ pk, sk }) => parseRowNames({ pk: `${pk}`, sk: `${sk}` })?.kind === 'day-uniques'));
}
