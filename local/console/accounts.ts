import { AccountBook, type EventAccount, totalAccount } from '../../core/log/accounting.ts';
import { decodeOwedSegment } from '../../core/log/owed.ts';
import { readSegment } from '../../core/log/segment.ts';
import type { LocalCloud } from '../handle.ts';

/** Everything in `GET /api/accounts`. */
export interface Accounts {
  /** Segments that were not looked at yet: while there are any, the accounts do not close. */
  readonly segmentsLeft: number;
  /** By the region that captured: the accounts of all its environments together. */
  readonly regions: Readonly<Record<string, EventAccount>>;
}

export type AccountSource = Pick<
  LocalCloud,
  'regions' | 'state' | 'logKeys' | 'logObject' | 'queueMessages' | 'functionLogs'
>;

/** A look takes so many new segments of each log: reading holds up everything else that this process does. */
const segmentsMax = 200;

/**
 * The accounts of a running cloud, which close when every number is explained. What stands in a region that does not
 * answer is not looked at: nobody could on the day.
 */
export function createAccounts(cloud: AccountSource): () => Accounts {
  const book = new AccountBook(cloud.regions);
  const read = new Map(cloud.regions.map((region) => [region, new Set<string>()]));

  /** How many segments were left for the next look. */
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

/** What the queues of these regions hold. An owed segment names its bucket first, all else are event lines. */
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

/** Events that no rung took, under the fields by which `track` prints them. */
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
