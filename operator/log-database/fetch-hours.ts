import { mkdir, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import { readSegment } from '../../core/log/segment.ts';
import { bytesText, utcHour } from '../cli/format.ts';
import { type AskedLog, hourOfLogs, readFromEither } from '../clients/both-logs.ts';
import type { Deployment } from '../clients/deployment.ts';
import type { ListedObject } from '../clients/log-client.ts';

/** The segments of some hours, stored as files under their keys in one folder. */
export interface FetchedHours {
  /** Paths, absolute when the folder is. */
  readonly files: readonly string[];
  /** Of all files, packed. */
  readonly sizeBytes: number;
  readonly fetched: number;
  /** Files that were there already. */
  readonly reused: number;
  /** Keys of segments that neither log has in a readable state. */
  readonly unreadable: readonly string[];
  /** Names of hours that could not be listed completely. */
  readonly unfinished: readonly string[];
  /** Logs that failed and were not asked any more, from the first hour or from a later one on. */
  readonly notAsked: readonly { readonly region: string; readonly reason: string }[];
}

/** Throws the system's error when the folder cannot be written to. */
export async function fetchHours(
  logs: readonly AskedLog[],
  hours: readonly number[],
  folder: string,
  progress: (line: string) => void,
): Promise<FetchedHours> {
  const files: string[] = [];
  const [unreadable, unfinished]: [string[], string[]] = [[], []];
  let [fetched, sizeBytes] = [0, 0];
  for (const [index, hour] of hours.entries()) {
    const { segments, isWhole } = await hourOfLogs(logs, hour);
    if (!isWhole) unfinished.push(hourName(hour));
    await inParallel(segments, limits.query.segmentsAtOnce, async (segment) => {
      const file = join(folder, segment.key);
      const isThere = await isSame(file, segment);
      if (isThere || (await fetchTo(file, segment, logs))) {
        files.push(file);
        sizeBytes += segment.sizeBytes;
      } else {
        unreadable.push(segment.key);
      }
      if (!isThere) fetched += 1;
    });
    const done = index + 1;
    if (segments.length === 0 && done % emptyHoursMax !== 0 && done < hours.length) continue;
    progress(
      `${utcHour(hourName(hour))} (hour ${done} of ${hours.length}): ${files.length} segments, ${bytesText(sizeBytes)}, ${fetched} fetched`,
    );
  }
  const got = fetched - unreadable.length;
  const notAsked = logs.flatMap(({ region, reason }) => (reason === undefined ? [] : [{ region, reason }]));
  return { files: files.sort(), sizeBytes, fetched: got, reused: files.length - got, unreadable, unfinished, notAsked };
}

/** No more empty hours pass without a line. */
const emptyHoursMax = 24;

/** Where the segments of a deployment are kept for the next question. */
export function usualFolder({ config, isLocal }: Deployment): string {
  return `.keeptrack/queried/${config.name}${isLocal ? '-local' : ''}`;
}

/** One line for each thing that is missing. */
export function missingLines({ unreadable, unfinished, notAsked }: FetchedHours): readonly string[] {
  return [
    ...notAsked.map(
      ({ region, reason }) => `the log of ${region} was not asked (${reason}): events that only it has are missing`,
    ),
    ...unreadable.map((key) => `${key}: neither log has a readable copy; its events are missing`),
    ...unfinished.map((hour) => `${utcHour(hour)}: could not be listed completely; events may be missing`),
  ];
}

/**
 * Only an erasure changes the bytes of a key. It makes the object newer. A file's time can come back a fraction of a
 * millisecond earlier than it was set.
 */
async function isSame(file: string, { sizeBytes, writtenAtMs }: ListedObject): Promise<boolean> {
  try {
    const { size, mtimeMs } = await stat(file);
    return size === sizeBytes && mtimeMs > writtenAtMs - 1;
  } catch {
    return false;
  }
}

async function fetchTo(file: string, { key, writtenAtMs }: ListedObject, logs: readonly AskedLog[]): Promise<boolean> {
  const body = await readFromEither(logs, key, (object) =>
    readSegment(object.body).kind === 'read' ? object.body : undefined,
  );
  if (body === undefined) return false;
  await mkdir(dirname(file), { recursive: true });
  // The other name keeps an interrupted command from leaving half a file behind.
  await writeFile(`${file}.part`, body);
  await utimes(`${file}.part`, writtenAtMs / 1_000, writtenAtMs / 1_000);
  await rename(`${file}.part`, file);
  return true;
}
