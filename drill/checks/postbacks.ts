import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { isAccepted, type ReceivedPostback } from '../evidence/received.ts';
import type { PlayedFault } from '../faults/fault-windows.ts';
import { groupBy } from '../group-by.ts';
import type { DuePostback, MacroTexts } from '../oracle/expected-postbacks.ts';
import { someOf } from './problem-text.ts';

/**
 * I10: each due postback reached its partner at least once, with one idempotency id and the right values. Or it stands in
 * the log as failed, with its attempts. Nothing else was received. Where no fault concerns `notify`, each came once.
 */
export const postbacks: DrillCheck = (evidence) => [
  ...wrongRequests(evidence),
  ...wrongIds(evidence),
  ...neverReceived(evidence),
  ...(evidence.faults.some(concernsNotify) ? [] : receivedAgain(evidence)),
];

/** Owed postbacks that no partner has accepted, and that are not given up. */
export function missingPostbacks(evidence: Pick<Evidence, 'postbacks' | 'received' | 'logs'>): readonly DuePostback[] {
  const told = new Set([
    ...evidence.received.filter(isAccepted).map(nameOfReceived),
    ...evidence.logs.flatMap(({ events }) => [...events.values()].flatMap(nameOfGivenUp)),
  ]);
  return evidence.postbacks.filter((due) => due.isOwed && !namesOf(due).some((name) => told.has(name)));
}

/** How often each due postback was accepted beyond once. */
export function againCount({ postbacks: due, received }: Pick<Evidence, 'postbacks' | 'received'>): number {
  return [...acceptedByFiring(due, received).values()].reduce((sum, { length }) => sum + length - 1, 0);
}

function wrongRequests({ postbacks: due, received }: Evidence): string[] {
  const textsByName = new Map<string, MacroTexts[]>();
  for (const { postbackId, texts } of due)
    for (const one of texts) {
      const name = `${postbackId} ${one['conversion_id']} ${one['status']}`;
      textsByName.set(name, [...(textsByName.get(name) ?? []), one]);
    }
  const problems = received.flatMap((request) => {
    const possible = textsByName.get(nameOfReceived(request));
    if (possible === undefined) return [`${nameOfReceived(request)}, which is not due`];
    const differences = possible.map((texts) => differencesOf(texts, request));
    const fewest = differences.toSorted((one, other) => one.length - other.length)[0] ?? [];
    return fewest.length === 0 ? [] : [`${nameOfReceived(request)} with ${fewest.join(' and ')}`];
  });
  return problems.length === 0 ? [] : [`I10: partners got ${problems.length} wrong postbacks: ${someOf(problems)}`];
}

function differencesOf(right: MacroTexts, { texts, idempotencyId }: ReceivedPostback): string[] {
  const all = { ...right, idempotency_id: idempotencyId };
  return Object.entries(all)
    .filter(([name, value]) => texts[name] !== value)
    .map(([name, value]) => `${name} "${texts[name]}" instead of "${value}"`);
}

/** One idempotency id for each firing, and one firing for each idempotency id. */
function wrongIds({ postbacks: due, received }: Evidence): string[] {
  const firings = firingByName(due);
  const idsByFiring = groupBy(received, (request) => firings.get(nameOfReceived(request)) ?? '');
  const several = [...idsByFiring].filter(
    ([firing, requests]) => firing !== '' && new Set(requests.map(({ idempotencyId }) => idempotencyId)).size > 1,
  );
  const firingsById = groupBy(received, ({ idempotencyId }) => idempotencyId);
  const shared = [...firingsById].filter(
    ([, requests]) => new Set(requests.map((request) => firings.get(nameOfReceived(request)))).size > 1,
  );
  return [
    ...several.map(([firing]) => `I10: several idempotency ids stand for ${firing}`),
    ...shared.map(([id]) => `I10: the idempotency id ${id} stands for several postbacks`),
  ];
}

function neverReceived(evidence: Evidence): string[] {
  const missing = missingPostbacks(evidence).map((due) => namesOf(due)[0] ?? '');
  return missing.length === 0 ? [] : [`I10: ${missing.length} postbacks were never received: ${someOf(missing)}`];
}

function receivedAgain({ postbacks: due, received }: Evidence): string[] {
  const again = [...acceptedByFiring(due, received)].filter(([, { length }]) => length > 1).map(([firing]) => firing);
  return again.length === 0 ? [] : [`I10: ${again.length} postbacks came more than once: ${someOf(again)}`];
}

/** Other faults change when something is folded, but not whether a run can note what it has sent. */
function concernsNotify({ fault: { service, effect, callers } }: PlayedFault): boolean {
  const isAsked = callers === undefined || callers.includes('notify');
  return effect === 'kill' || (isAsked && ['s3', 'region', 'partners', 'link', 'dns', 'lambda'].includes(service));
}

function acceptedByFiring(due: readonly DuePostback[], received: readonly ReceivedPostback[]) {
  const firings = firingByName(due);
  const known = received.filter((request) => isAccepted(request) && firings.has(nameOfReceived(request)));
  return groupBy(known, (request) => firings.get(nameOfReceived(request)) ?? '');
}

function firingByName(due: readonly DuePostback[]): ReadonlyMap<string, string> {
  return new Map(
    due.flatMap((one) => namesOf(one).map((name) => [name, `${one.postbackId} ${one.standing} ${one.sale}`])),
  );
}

/** A postback, a conversion and its standing. */
function namesOf({ postbackId, texts }: DuePostback): readonly string[] {
  return [...new Set(texts.map((one) => `${postbackId} ${one['conversion_id']} ${one['status']}`))];
}

function nameOfReceived({ postbackId, texts }: ReceivedPostback): string {
  return `${postbackId} ${texts['conversion_id']} ${texts['status']}`;
}

function nameOfGivenUp(event: Readonly<Record<string, unknown>>): string[] {
  const { type, outcome, next_at: nextAt, postback_id: postback, conversion_id: conversion, status } = event;
  const isGivenUp = type === 'postback' && outcome !== 'delivered' && nextAt === undefined;
  return isGivenUp ? [`${postback} ${conversion} ${status}`] : [];
}
