import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedTopic } from '../../lambda/aws/signed-topic.ts';
import { openSnsEndpoint, type SnsEndpoint } from './sns-endpoint.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */

const budgetMs = 20_000;

let sns: SnsEndpoint;
beforeAll(async () => {
  sns = await openSnsEndpoint();
});
afterAll(() => sns.close());

const topic = (arn = sns.topicArn) => signedTopic(sns.region, arn, sns.parts);
const taken = { status: 200, code: '' };
const invalid = { status: 400, code: 'InvalidParameter' };

describe('a topic', () => {
  test('takes a message with a subject, in UTF-8 and with several lines', async () => {
    const body = 'Offer 3 „Schuhe“: 12 % & <more>\n\nLook at: a=b+c';
    expect(await topic().publish('Keeptrack: an alert', body, budgetMs)).toEqual(taken);
    const kept = sns.messages() ?? [{ subject: 'Keeptrack: an alert', body }];
    expect(kept.at(-1)).toMatchObject({ subject: 'Keeptrack: an alert', body });
  });

  test('takes a subject of 99 characters and no longer one', async () => {
    expect(await topic().publish('s'.repeat(99), 'text', budgetMs)).toEqual(taken);
    expect(await topic().publish('s'.repeat(101), 'text', budgetMs)).toEqual(invalid);
  });

  test('takes a message of 262,144 bytes and no longer one', async () => {
    expect(await topic().publish('s', 'x'.repeat(262_144), budgetMs)).toEqual(taken);
    expect(await topic().publish('s', 'x'.repeat(262_145), budgetMs)).toEqual(invalid);
  });

  test('refuses an empty message, and a subject of two lines', async () => {
    expect(await topic().publish('s', '', budgetMs)).toEqual(invalid);
    expect(await topic().publish('one\ntwo', 'text', budgetMs)).toEqual(invalid);
  });
});

test('a topic that is not there says so', async () => {
  expect(await topic(`${sns.topicArn}-not`).publish('s', 'text', budgetMs)).toEqual({ status: 404, code: 'NotFound' });
});

test('what is no name of a topic is refused', async () => {
  expect(await topic('contract').publish('s', 'text', budgetMs)).toEqual(invalid);
});
