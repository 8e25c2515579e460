import type { S3Event } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { BucketModel } from '../../../local/model/bucket.ts';
import { memoryBucketStore } from '../../../local/model/bucket-store.ts';
import { type EventFate, type NotificationSettings, Notifications } from '../../../local/model/notifications.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

const queueArn = 'arn:aws:sqs:us-east-1:111122223333:keeptrack-stats';
const configuration: NotificationSettings = { configurationId: 'Log-0', queueArn, prefix: 'log/', suffix: '' };

interface Options {
  readonly configurations?: readonly NotificationSettings[];
  readonly versioned?: boolean;
  readonly fateOf?: () => EventFate;
  readonly takes?: () => boolean;
}

function start({ configurations = [configuration], versioned = true, fateOf, takes = () => true }: Options = {}) {
  const time = new SimulatedTime();
  const sent: { readonly queueArn: string; readonly body: string; readonly atMs: number }[] = [];
  const notifications = new Notifications(
    { bucketName: 'log', region: 'us-east-1', configurations },
    {
      time,
      chance: seededChance(7),
      send(arn, body) {
        if (takes()) sent.push({ queueArn: arn, body, atMs: time.nowMs() });
        return takes();
      },
      ...(fateOf && { fateOf }),
    },
  );
  const bucket = new BucketModel({ name: 'log', versioned, time, store: memoryBucketStore() });
  bucket.follow((object) => notifications.created(object));
  const put = (key: string, text = 'segment') => bucket.put(key, Buffer.from(text));
  const records = () => sent.flatMap(({ body }) => (JSON.parse(body) as S3Event).Records);
  const keys = () => records().map(({ s3 }) => s3.object.key);
  return { time, notifications, bucket, put, sent, records, keys };
}

describe('what a queue is told', () => {
  test('of an object, in the words of AWS', async () => {
    const { time, put, records } = start();
    put('log/dt=2026-11-23/hr=05/a b.ndjson.gz');
    await time.pass(2_000);
    expect(records()).toMatchObject([
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: '2026-11-23T05:00:00.000Z',
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'Log-0',
          bucket: { name: 'log', arn: 'arn:aws:s3:::log' },
          object: {
            key: 'log/dt%3D2026-11-23/hr%3D05/a+b.ndjson.gz',
            size: 7,
            eTag: 'fdd32b9061681edb52c554bd9bbf0712',
            versionId: expect.stringMatching(/1$/),
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
        },
      },
    ]);
  });

  test('any key as forms encode it, so that a reader decodes it to what it was', async () => {
    const property = fc.asyncProperty(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), async (name) => {
      const { time, put, keys } = start();
      put(`log/${name}`);
      await time.pass(2_000);
      const [key = ''] = keys();
      expect(key).toMatch(/^[A-Za-z0-9._*%+/-]+$/);
      expect(decodeURIComponent(key.replaceAll('+', ' '))).toBe(`log/${name}`);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test('no version of an object in a bucket that has none', async () => {
    const { time, put, records } = start({ versioned: false });
    put('log/one');
    await time.pass(2_000);
    expect(records()[0]?.s3.object.versionId).toBeUndefined();
  });

  test('which of two writes of a key was the later one, whatever the order in which it is told', async () => {
    const { time, put, records } = start();
    put('log/one', 'first');
    put('log/one', 'second');
    await time.pass(2_000);
    const inOrder = records().sort((one, other) => (one.s3.object.sequencer < other.s3.object.sequencer ? -1 : 1));
    expect(inOrder.map(({ s3 }) => s3.object.size)).toEqual([5, 6]);
  });

  test('a test event without records when the configuration is put', () => {
    const { notifications, sent } = start();
    notifications.announce();
    expect(sent.map(({ body }) => JSON.parse(body))).toMatchObject([
      { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'log', Time: '2026-11-23T05:00:00.000Z' },
    ]);
  });

  test('nothing of a write that was refused, of other keys, and of deletes', async () => {
    const { time, bucket, put, keys } = start({ configurations: [{ ...configuration, suffix: '.gz' }] });
    put('log/one.gz');
    bucket.put('log/one.gz', Buffer.from('again'), { ifNoneMatch: '*' });
    put('log/one.txt');
    put('catalog/one.gz');
    bucket.delete('log/one.gz');
    await time.pass(2_000);
    expect(keys()).toEqual(['log/one.gz']);
  });
});

describe('at least once', () => {
  test('an event is offered again until its queue takes it', async () => {
    let isWell = false;
    const { time, put, keys } = start({ takes: () => isWell });
    put('log/one');
    await time.pass(600_000);
    expect(keys()).toEqual([]);
    isWell = true;
    await time.pass(60_000);
    expect(keys()).toEqual(['log/one']);
  });

  test('after a pause everything comes at once, out of order and some of it twice', async () => {
    const { time, notifications, put, keys } = start();
    const written = Array.from({ length: 100 }, (_, index) => `log/${String(index).padStart(3, '0')}`);
    notifications.pause();
    for (const key of written) put(key);
    await time.pass(3_600_000);
    expect(keys()).toEqual([]);
    notifications.resume();
    await time.pass(2_000);
    expect([...new Set(keys())].sort()).toEqual(written);
    expect(keys().length).toBeGreaterThan(written.length);
    expect(keys()).not.toEqual([...keys()].sort());
  });

  test('what is still to come when the bucket is closed is sent at once, what comes later too', () => {
    const { notifications, put, keys } = start();
    notifications.pause();
    put('log/one');
    notifications.stop();
    put('log/two');
    expect(keys()).toEqual(['log/one', 'log/two']);
  });
});

describe('a fault of events', () => {
  const well: EventFate = { isLost: false, delayMs: 0, copies: 1 };

  test('loses them, each on its own', async () => {
    const fates = [{ ...well, isLost: true }, well];
    const { time, put, keys } = start({ fateOf: () => fates.shift() ?? well });
    put('log/one');
    put('log/two');
    await time.pass(2_000);
    expect(keys()).toEqual(['log/two']);
  });

  test('delays them for as long as it says', async () => {
    const { time, put, keys } = start({ fateOf: () => ({ ...well, delayMs: 3_600_000 }) });
    put('log/one');
    await time.pass(3_600_000);
    expect(keys()).toEqual([]);
    await time.pass(2_000);
    expect(keys()).toEqual(['log/one']);
  });

  test('doubles them', async () => {
    const { time, put, keys } = start({ fateOf: () => ({ ...well, copies: 2 }) });
    put('log/one');
    await time.pass(2_000);
    expect(keys()).toEqual(['log/one', 'log/one']);
  });
});
