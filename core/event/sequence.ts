import { type LoggedEvent, parseLine } from './event.ts';

/** The place of an event among the events of its environment, as its line tells. */
export interface SequenceMark {
  readonly region: string;
  readonly env: string;
  readonly seq: number;
  /** Capture time, ms since the epoch; `capturedBefore` counts within its hour. */
  readonly at: number;
  readonly capturedBefore: number;
}

/** The start of a line as `track` writes it. Parsing the whole line would take several times as long. */
const usualStart =
  /^\{"v":1,"id":"[^"]{36}",(?:"redacted":true,)?"type":"[a-z0-9-]+","at":(\d+),"region":"([^"\\]+)","env":"([^"\\]+)","seq":(\d+),"captured_before":(\d+)[,}]/;

/** Undefined for a line without numbers: a probe of the schedule, or a line of an older release. */
export function sequenceMark(line: string): SequenceMark | undefined {
  const [, at, region, env, seq, capturedBefore] = usualStart.exec(line) ?? [];
  if (region === undefined || env === undefined) return parsedMark(line);
  return { region, env, seq: Number(seq), at: Number(at), capturedBefore: Number(capturedBefore) };
}

function parsedMark(line: string): SequenceMark | undefined {
  const parsed = parseLine(line);
  return parsed.kind === 'rejected' ? undefined : sequenceMarkOf(parsed.event);
}

/** Undefined for an event without numbers. */
export function sequenceMarkOf(event: LoggedEvent): SequenceMark | undefined {
  const { region, env, seq, at, captured_before: capturedBefore } = event;
  if (typeof region !== 'string' || typeof env !== 'string') return undefined;
  if (typeof seq !== 'number' || typeof capturedBefore !== 'number') return undefined;
  return { region, env, seq, at, capturedBefore };
}
