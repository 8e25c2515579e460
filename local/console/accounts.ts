import { AccountBook, type EventAccount, totalAccount } from '../../core/log/accounting.ts';
import { decodeOwedSegment } from '../../core/log/owed.ts';
import { readSegment } from '../../core/log/segment.ts';
import type { LocalCloud } from '../handle.ts';

/** The answer to `GET /api/accounts`. */
export interface Accounts {
  /** Segments that were not read yet. While there are any, the accounts do not balance. */
  readonly segmentsLeft: number;
  /** By the region that captured the events; sums over all its environments. */
  readonly regions: Readonly<Record<string, EventAccount>>;
}

export type AccountSource = Pick<
  LocalCloud,
  'regions' | 'state' | 'logKeys' | 'logObject' | 'queueMessages' | 'functionLogs'
>;

/** At most so many new segments of each log are read at a time, because reading blocks everything else in this process. */
const segmentsMax = 200;

/**
 * The accounts of a running cloud. They balance when every event is explained. Messages in a region that does not
 * answer are left out, because a real operator could not read them either.
 */
export function createAccounts(cloud: AccountSource): () => Accounts {
  const book = new AccountBook(cloud.regions);
  const read = new Map(cloud.regions.map((region) => [region, new Set<string>()]));

  /** Returns how many segments are left for the next call. */
  function readLog(region: string): number {
    const seen = read.get(region) ?? new Set();
    const unread = cloud.logKeys(region).filter((key) => !seen.has(key));
    for (const key of unread.slice(0, segmentsMax)) {
      seen.add(key);
      for (const line of linesIn(cloud.logObject(region, key))) book.addLogged(region, line);
    }
    return Math.max(0, unread.length - segmentsMax);
  }

  return () => {
    const unreachable = cloud.regions.filter((region) => isDark(cloud, region));
    const reached = cloud.regions.filter((region) => !unreachable.includes(region));
    const segmentsLeft = reached.reduce((sum, region) => sum + readLog(region), 0);
    const printed = reached.flatMap((region) => printedIn(cloud, region));
    const accounts = book.accounts({ ...standingIn(cloud, reached), printed, unreachable });
    const of = (region: string) => totalAccount(accounts.filter((account) => account.region === region));
    return { segmentsLeft, regions: Object.fromEntries(cloud.regions.map((region) => [region, of(region)])) };
  };
}

function isDark(cloud: AccountSource, region: string): boolean {
  return cloud
    .state()
    .faults.some(
      (fault) => fault.service === 'region' && fault.effect !== 'slow' && (fault.region ?? region) === region,
    );
}

/**
 * The events in the queues of these regions. A body that begins with a bucket holds an owed segment, and any other body
 * holds event lines.
 */
function standingIn(cloud: AccountSource, regions: readonly string[]) {
  const standing = cloud.state().regions.filter(({ region }) => regions.includes(region));
  const bodies = standing.flatMap(({ region, queues }) =>
    queues
      .filter(({ visible, inFlight, delayed }) => visible + inFlight + delayed > 0)
      .flatMap(({ name }) => cloud.queueMessages(region, name).map(({ body }) => body)),
  );
  const bucketIn = (body: string) => /^\{"v":1,"bucket":"([^"]+)"/.exec(body)?.[1];
  return {
    intake: bodies.flatMap((body) => (bucketIn(body) === undefined ? body.split('\n') : [])),
    owed: bodies.flatMap((body) => {
      const bucket = bucketIn(body);
      const decoded = bucket === undefined ? undefined : decodeOwedSegment(body, bucket);
      return decoded?.kind === 'owed' ? linesIn(decoded.owed.gzip) : [];
    }),
  };
}

/** Events that no rung captured. `track` logs them in these fields. */
function printedIn(cloud: AccountSource, region: string): readonly string[] {
  const fields = /"(?:unconfirmed|refused)":\{/;
  return cloud.functionLogs(region).flatMap(({ line }) => {
    if (!fields.test(line)) return [];
    const { unconfirmed, refused } = JSON.parse(line) as { readonly unconfirmed?: object; readonly refused?: object };
    return [unconfirmed, refused].flatMap((event) => (event === undefined ? [] : [JSON.stringify(event)]));
  });
}

function linesIn(segment: Uint8Array): readonly string[] {
  const segmentRead = readSegment(segment);
  return segmentRead.kind === 'read' ? segmentRead.lines : [];
}
