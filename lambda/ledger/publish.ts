import { callOutcome } from '../../core/call-outcome.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { directoryKey, finalRowNames, hourStateKey, offerPk } from '../../core/figures/table-keys.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { rowsDigest, stateFlip, stateOf } from '../../core/ledger/hour-state.ts';
import type { Manifest } from '../../core/ledger/manifest.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import type { TableDelete, TableItem, TableKey, TablePut } from '../../core/ports.ts';
import { retryTableCall } from '../shared/retry-table-call.ts';
import { queryAll } from './query-all.ts';
import { done, type LedgerPorts, left, refused, type Step } from './steps.ts';

const { tableBudgetMs, tableCallsAtOnceMax, attemptsMax, pauseMs, rowsAtOnceMax } = limits.ledger;

/** Writes the rows of a revision. Nobody reads them before the revision is in force. */
export async function writeRows(
  hourStartMs: number,
  { revision, figuresDigest }: Pick<Manifest, 'revision' | 'figuresDigest'>,
  rows: readonly FiguresRow[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  const offers = rows.map(({ key }) => key.offerId);
  const noted = await ports.offersByDay.note(hourName(hourStartMs).slice(0, 10), offers, endMs + tableBudgetMs);
  if (callOutcome(noted) !== 'done') return refused('cannot write the directory of offers', noted);
  const digest8 = rowsDigest(revision, figuresDigest).slice(0, 8);
  return writeAll(
    rows.map(({ key, counters }): TablePut => {
      const names = finalRowNames(key, digest8);
      return { kind: 'put', item: { ...counters, ...names, revision: BigInt(revision) } };
    }),
    ports,
    endMs,
  );
}

/** Brings a revision into force, unless a later one is, and removes the rows that it replaces. */
export async function bringIntoForce(
  hourStartMs: number,
  manifest: Manifest,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  const flip = stateFlip(hourStartMs, manifest);
  const answer = await retryTableCall((budgetMs) => ports.table.write(flip, budgetMs), ports, endMs + tableBudgetMs);
  const outcome = callOutcome(answer);
  if (outcome !== 'done' && outcome !== 'unmet') return refused('cannot bring figures into force', answer);
  return tidyHour(hourStartMs, ports, endMs);
}

/**
 * Removes rows of revisions before the one in force, and rows that a competing run wrote for the same revision. No two
 * revisions share a row, so none of these rows is or will be in force.
 */
async function tidyHour(hourStartMs: number, ports: LedgerPorts, endMs: number): Promise<Step<undefined>> {
  const hour = hourName(hourStartMs);
  const items = await ports.table.get([hourStateKey(hour), directoryKey(hour.slice(0, 10))], tableBudgetMs);
  if (items.kind === 'failed') return refused('cannot read the state of the hour', items.answer);
  const state = items.value.find(({ sk }) => sk === hour);
  const offers = items.value.find(({ sk }) => sk !== hour)?.['offers'];
  const found = await inParallel(Array.isArray(offers) ? offers : [], tableCallsAtOnceMax, (offerId) =>
    queryAll({ pk: offerPk(Number(offerId)), from: `${hour}#f#`, to: `${hour}#f$` }, ports, endMs),
  );
  const failure = found.find((step) => step.kind === 'left');
  if (failure?.kind === 'left') return failure;
  const rows = found.flatMap((step) => (step.kind === 'done' ? step.value : []));
  const stale = rows
    .filter((row) => isStale(row, state))
    .map((row): TableDelete => ({ kind: 'delete', key: keyOf(row) }));
  const removed = await writeAll(stale, ports, endMs);
  return removed.kind === 'left' ? removed : noteTidy(hour, stateOf(state).revision, ports, endMs);
}

function isStale(row: TableItem, state: TableItem | undefined): boolean {
  const { revision } = stateOf(state);
  const ofRow = Number(row['revision'] ?? 0);
  // The digest is found by its place in the name, because a later release may give its rows longer names.
  const digest8 = /^[^#]*#f#([0-9a-f]{8})#/.exec(`${row['sk']}`)?.[1] ?? '';
  return ofRow < revision || (ofRow === revision && digest8 !== `${state?.['digest'] ?? ''}`.slice(0, 8));
}

function keyOf({ pk, sk }: TableItem): TableKey {
  return { pk: `${pk}`, sk: `${sk}` };
}

async function noteTidy(hour: string, revision: number, ports: LedgerPorts, endMs: number): Promise<Step<undefined>> {
  const tidy = BigInt(revision);
  const answer = await retryTableCall(
    (budgetMs) =>
      ports.table.write(
        {
          kind: 'update',
          key: hourStateKey(hour),
          set: { tidy },
          when: [{ attribute: 'revision', is: 'equal', value: tidy }],
        },
        budgetMs,
      ),
    ports,
    endMs + tableBudgetMs,
  );
  const outcome = callOutcome(answer);
  return outcome === 'done' || outcome === 'unmet' ? done(undefined) : refused('cannot note what was removed', answer);
}

/** Writes some hundred rows at a time, so that each call is short. */
export async function writeAll(
  writes: readonly (TablePut | TableDelete)[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  for (let from = 0; from < writes.length; from += rowsAtOnceMax) {
    if (ports.clock.nowMs() >= endMs + tableBudgetMs) return left('the time is over');
    const written = await writeSome(writes.slice(from, from + rowsAtOnceMax), ports);
    if (written.kind === 'left') return written;
  }
  return done(undefined);
}

/** Writes again, after a pause, what a busy table did not take. */
async function writeSome(
  writes: readonly (TablePut | TableDelete)[],
  { table, clock }: LedgerPorts,
): Promise<Step<undefined>> {
  let waiting = writes;
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    const written = await table.writeAll(waiting, tableBudgetMs);
    if (written.kind === 'failed') return refused('cannot write rows', written.answer);
    if (written.value.length > 0 && attempt >= attemptsMax) return left('the table did not take all rows');
    waiting = written.value;
    if (waiting.length > 0) await clock.sleep(pauseMs * 2 ** attempt);
  }
  return done(undefined);
}
