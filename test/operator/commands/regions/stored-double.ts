import type { Answer, Bucket, Fetched, TableItem } from '../../../../core/ports.ts';
import { itemOf, keyOf, updateOf } from '../../../../lambda/aws/table-expressions.ts';
import { BucketModel } from '../../../../local/model/bucket.ts';
import type { BucketFailure } from '../../../../local/model/bucket-calls.ts';
import { memoryBucketStore } from '../../../../local/model/bucket-store.ts';
import type { AttributeMap } from '../../../../local/model/table/attribute-value.ts';
import { scan } from '../../../../local/model/table/scan.ts';
import type { TableModel } from '../../../../local/model/table/table.ts';
import { updateItem } from '../../../../local/model/table/update-item.ts';
import type { ScannedPage, ScanPlace, StoredRegion } from '../../../../operator/clients/region-copy.ts';
import { Replacement } from '../../../../operator/commands/regions/replacement.ts';
import { indexTable } from '../../../../simulation/index-table.ts';
import { SimulatedTime } from '../../../../simulation/simulated-time.ts';
import { sampleMs } from '../../../sample-lines.ts';

/** One region's bucket and index, by the models of the local cloud. */
export class StoredDouble implements StoredRegion {
  readonly region: string;
  readonly bucketName: string;
  readonly objects: BucketModel;
  readonly table: TableModel;
  /** Keys that S3 was asked to copy here, in order. */
  readonly copied: string[] = [];
  /** The answer to the next copies, one each; without one S3 copies. */
  readonly refusals: Answer[] = [];
  /** Is called before each copy. Throws to end the run, as a killed process ends. */
  beforeCopy: (key: string) => void = () => {};
  readonly #others: () => readonly StoredDouble[];

  constructor(region: string, others: () => readonly StoredDouble[]) {
    this.region = region;
    this.bucketName = `log-${region}`;
    const time = new SimulatedTime(sampleMs);
    this.objects = new BucketModel({ name: this.bucketName, versioned: true, time, store: memoryBucketStore() });
    this.table = indexTable('figures', region);
    this.#others = others;
  }

  get bucket(): Bucket {
    const { objects } = this;
    return {
      putIfAbsent: async (key, body) => answerTo(objects.put(key, body, { ifNoneMatch: '*' })),
      replace: async (key, body, ifEtag) =>
        fetched(
          objects.put(key, body, ifEtag === undefined ? { ifNoneMatch: '*' } : { ifMatch: ifEtag }),
          ({ etag }) => etag,
        ),
      get: async (key) => fetched(objects.get(key), ({ version, body }) => ({ body, etag: version.etag })),
      getRange: async () => ({ kind: 'failed', answer: { status: 501, code: 'NotImplemented' } }),
      list: async (prefix, _budgetMs, after) => {
        const { objects: listed, nextToken } = objects.list({ prefix, ...(after && { startAfter: after }) });
        const keys = listed.map(({ key }) => key);
        const next = nextToken === undefined ? undefined : keys.at(-1);
        const page = {
          keys,
          etags: listed.map(({ etag }) => etag),
          sizesBytes: listed.map(({ sizeBytes }) => sizeBytes),
        };
        return { kind: 'ok', value: { ...page, ...(next !== undefined && { next }) } };
      },
    };
  }

  readonly index: StoredRegion['index'] = {
    get: async (keys) => ({ kind: 'ok', value: keys.flatMap((key) => itemIn(this.table, keyOf(key))) }),
    write: async (write) => {
      const { UpdateExpression: update = '', ...said } = updateOf('figures', write);
      const outcome = updateItem(this.table, {
        ...{ key: keyOf(write.key), update, condition: said.ConditionExpression, names: said.ExpressionAttributeNames },
        values: said.ExpressionAttributeValues as AttributeMap,
      });
      return outcome.kind === 'written' ? done : { status: 400, code: 'ConditionalCheckFailedException' };
    },
  };

  async scanIndex(segment: number, segments: number, from: ScanPlace): Promise<Fetched<ScannedPage>> {
    const page = scan(this.table, { segment, segments, isConsistent: true, after: from as AttributeMap | undefined });
    if (page.kind === 'invalid') return { kind: 'failed', answer: { status: 400, code: 'ValidationException' } };
    const next = page.last as ScannedPage['next'];
    return { kind: 'ok', value: { items: page.items.map(itemOf), ...(next && { next }) } };
  }

  async copyFrom(bucketName: string, key: string): Promise<Answer> {
    this.beforeCopy(key);
    const refusal = this.refusals.shift();
    if (refusal) return refusal;
    const source = this.#others()
      .find((one) => one.bucketName === bucketName)
      ?.objects.get(key);
    if (source?.kind !== 'ok') return { status: 404, code: 'NoSuchKey' };
    this.copied.push(key);
    const { version, body } = source.value;
    return answerTo(this.objects.put(key, body, { headers: version.headers, ifNoneMatch: '*' }));
  }

  /** The text of an object; undefined when there is none. */
  text(key: string): string | undefined {
    const object = this.objects.get(key);
    return object.kind === 'ok' ? Buffer.from(object.value.body).toString() : undefined;
  }
}

/** A survivor and a fresh region, and the run that fills one from the other. */
export function replacement(nowMs = sampleMs) {
  const survivor = new StoredDouble('us-west-2', () => []);
  const fresh = new StoredDouble('us-east-2', () => [survivor]);
  const told: string[] = [];
  const clock = { nowMs: () => nowMs, sleep: async () => {} };
  return { survivor, fresh, told, run: new Replacement(survivor, fresh, clock, (line) => told.push(line)) };
}

const done: Answer = { status: 200, code: '' };

function answerTo(result: { readonly kind: 'ok' } | BucketFailure): Answer {
  return result.kind === 'ok' ? done : { status: result.status, code: result.code };
}

function fetched<T, U>(
  result: { readonly kind: 'ok'; readonly value: T } | BucketFailure,
  use: (value: T) => U,
): Fetched<U> {
  if (result.kind === 'ok') return { kind: 'ok', value: use(result.value) };
  return { kind: 'failed', answer: answerTo(result) };
}

function itemIn(table: TableModel, key: AttributeMap): readonly TableItem[] {
  const item = table.find(key);
  return item ? [itemOf(item)] : [];
}
