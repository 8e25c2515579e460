import { isRedacted } from '../../../core/event/event.ts';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { ageText, plural as countOf, utcText } from '../../cli/format.ts';
import { visibleInLine } from '../../cli/visible-text.ts';
import { decisionText, historyLines } from '../conversions/history-text.ts';
import type { CheckedIdentity } from './checked-identity.ts';
import type { ExplainedEvent, Explanation, Searched } from './explanation.ts';
import type { PlaceInFigures, RegionCounting } from './place-in-figures.ts';
import type { SegmentCopy } from './segment-copies.ts';
import type { Detour, Way } from './way-into-log.ts';

/**
 * For people: the content of the id, then each event with its way into the log and its place in the figures, then what
 * its conversions come to.
 */
export function explanationLines(explanation: Explanation, keys: OperatorKeys): readonly string[] {
  const { transactionId, identity, searched, events, conversions } = explanation;
  return [
    `transaction ${transactionId}`,
    ...rows([
      [
        'says',
        `clicked ${utcText(identity.clickedAtMs)} in ${identity.region}, offer ${identity.offerId}, ${credit(identity)}${identity.byRobot ? ', by a robot' : ''}`,
      ],
      ['signed', signatureText(identity)],
    ]),
    ...events.flatMap((explained) => ['', ...eventLines(explained, keys)]),
    ...conversions.flatMap((history) => ['', ...historyLines(history, keys)]),
    '',
    ...searchedLines(searched),
  ].map(visibleInLine);
}

function credit({ affiliateId }: CheckedIdentity): string {
  return affiliateId === 0 ? 'credited to nobody' : `affiliate ${affiliateId}`;
}

function signatureText({ signature }: CheckedIdentity): string {
  switch (signature.kind) {
    case 'valid':
      return 'by a key of this deployment';
    case 'invalid':
      return 'by NO key that is accepted now: the id is forged, or its key is retired; conversions with it are rejected';
    case 'unchecked':
      return `not checked: the keys cannot be read (${signature.reasons.join('; ')})`;
  }
}

function rows(titled: readonly (readonly [string, string])[]): readonly string[] {
  return titled.map(([title, text]) => `  ${title.padEnd(9)} ${text}`);
}

function eventLines(explained: ExplainedEvent, keys: OperatorKeys): readonly string[] {
  const { event, outcome, segments, way, counting } = explained;
  return [
    `${event.type} ${event.id}`,
    ...rows([
      [
        'at',
        `${new Date(event.at).toISOString()} in ${event.region}, environment ${event.env ?? '-'} number ${event.seq ?? '-'}`,
      ],
      ['captured', wayText(way)],
      ['is', outcomeText(event, outcome)],
      ...(event.type === 'decision' ? [['says', decisionText(event, keys)] as const] : []),
      ...givenTexts(event),
      ...segments.flatMap(({ key, line, copies }) => [
        ['segment', `${key} line ${line}`] as const,
        ...copies.map((copy) => ['', copyText(copy, event.at)] as const),
      ]),
      ...way.detours.map((detour) => ['replayed', detourText(detour, event.at)] as const),
      ...counting.map((one) => ['figures', countingText(one)] as const),
    ]),
  ];
}

function wayText({ rungs, takenIn }: Way): string {
  if (rungs.length > 0) return `by ${rungs.join(' and ')} (${takenIn.join(' and ')})`;
  return 'by an unknown rung: no copy names the one that took it';
}

/** Offers and affiliates that the catalog does not know are named as the link named them. */
function outcomeText(event: ExplainedEvent['event'], outcome: string): string {
  const { reason, pending_for: pending, preview_by: previewer, goal_id: goal } = event;
  const why = reason ?? pending ?? previewer;
  const place = [
    `offer ${event['offer_id'] ?? event['offer_id_given'] ?? '-'}`,
    `affiliate ${event['aff_id'] ?? event['aff_id_given'] ?? '-'}`,
    ...(goal ? [`goal ${goal}`] : []),
  ];
  const redacted = isRedacted(event) ? '; an erasure redacted it' : '';
  return `${outcome}${why ? ` (${why})` : ''}: ${place.join(', ')}${redacted}`;
}

/** Parameters that Keeptrack read differently from how they were sent, or could not read. */
function givenTexts(event: ExplainedEvent['event']): readonly (readonly [string, string])[] {
  return Object.entries(event)
    .filter(([name]) => name.endsWith('_given'))
    .map(([name, given]) => {
      const used = event[name.slice(0, -'_given'.length)];
      return [
        'given',
        `${name.slice(0, -'_given'.length)} ${JSON.stringify(given)}, ${used === undefined ? 'which means nothing here' : `read as ${used}`}`,
      ];
    });
}

function copyText(copy: SegmentCopy, atMs: number): string {
  switch (copy.kind) {
    case 'there': {
      const by = copy.writer ? `by ${copy.writer.by} in ${copy.writer.region}` : 'by an unknown writer';
      return `${copy.bucket}: ${after(copy.writtenAtMs, atMs)}, ${by}`;
    }
    case 'missing':
      return `${copy.bucket}: MISSING`;
    case 'unknown':
      return `${copy.bucket}: not known (${copy.reason})`;
  }
}

/** S3 gives whole seconds, so a copy may seem older than its event. */
function after(writtenAtMs: number, atMs: number): string {
  return `written ${utcText(writtenAtMs)}, ${ageText(Math.max(0, writtenAtMs - atMs) / 1_000)} after the event`;
}

function detourText({ kind, region, by, writtenAtMs }: Detour, atMs: number): string {
  const how = {
    owed: 'owed segment delivered from a failure queue, by replay',
    repaired: 'segment copied from the other bucket, by repair',
    stalled: 'events taken from an intake queue that had stalled, by replay',
  }[kind];
  return `${region}: ${how} in ${by}, ${ageText(Math.max(0, writtenAtMs - atMs) / 1_000)} after the event`;
}

/** `us-east-1: counted as clicks (final, revision 1, closed, 2026-11-23 06:10:12 UTC)` */
function countingText({ region, place, hour, reason }: RegionCounting): string {
  if (!place) return `${region}: not known (${reason})`;
  return `${region}: ${placeText(place)}${hour ? hourText(hour) : ''}`;
}

function placeText(place: PlaceInFigures): string {
  if (place.kind !== 'counted') return `not ${place.kind === 'never' ? 'counted' : 'yet'}, ${place.why}`;
  return `counted as ${place.as}${place.duplicateOf ? ` of ${place.duplicateOf}` : ''}`;
}

function hourText({ revision, cause, atMs, foldedToMs }: NonNullable<RegionCounting['hour']>): string {
  if (revision === 0) return ` (provisional, counted up to ${utcText(foldedToMs)})`;
  return ` (final, revision ${revision}, ${cause}, ${utcText(atMs)})`;
}

function searchedLines(searched: Searched): readonly string[] {
  const { from, to, hours, segments, index, unreadable, unfinished, notExplained, unreachable } = searched;
  return [
    `searched ${countOf(segments, 'segment')} of ${countOf(hours, 'hour')}, ${from} to ${to}${index ? ', and the index of conversions' : ''}; --days searches further`,
    ...(notExplained > 0 ? [`${notExplained} more events of this transaction are not shown`] : []),
    ...unreachable.map((what) => `NOT ASKED: ${what}`),
    ...(unfinished.length > 0 ? [`NOT SEARCHED COMPLETELY: ${unfinished.join(', ')}`] : []),
    ...unreadable.map((key) => `UNREADABLE: ${key}`),
  ];
}
