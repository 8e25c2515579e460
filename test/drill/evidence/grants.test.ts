import { expect, test } from 'vitest';
import { grantLines, grantName, grantRows, summedGrants, unusedGrants } from '../../../drill/evidence/grants.ts';
import type { GrantUse } from '../../../local/handle.ts';
import { east, west } from '../fake-cloud.ts';

const account = '111122223333';
const regions = [east, west];
const bucket = (region: string, path = '') => `arn:aws:s3:::keeptrack-log-${account}-${region}${path}`;
const queue = (region: string, name: string) => `arn:aws:sqs:${region}:${account}:keeptrack-${name}`;

function use(region: string, part: string, action: string, resource: string, used = 0): GrantUse {
  return { region, functionName: `keeptrack-${part}`, action, resource, used };
}

test.each([
  [bucket(east, '/log/*'), "home's log/*"],
  [bucket(west, `/switches/storage/${east}.json`), "peer's switches/storage/home.json"],
  [bucket(west), "peer's log bucket"],
  [queue(east, 'intake'), "home's intake queue"],
  [queue(west, `failure-${east}`), "peer's failure queue for home's bucket"],
  [queue(east, `failure-${west}`), "home's failure queue for peer's bucket"],
  [queue(east, 'dead-letters'), "home's dead-letter queue"],
  [`arn:aws:logs:${east}:${account}:log-group:/aws/lambda/keeptrack-track:*`, 'its own log group'],
  [`arn:aws:dynamodb:${east}:${account}:table/keeptrack-figures`, "home's conversion index"],
  ['arn:aws:kinesis:::stream/x', 'arn:aws:kinesis:::stream/x'],
])('in the primary region %s is the %s', (arn, expected) => {
  expect(grantRows([use(east, 'track', 'a:B', arn)], regions).map(({ resource }) => resource)).toEqual([expected]);
});

test('a grant of both regions is one row, named from the function’s point of view', () => {
  const uses = [
    use(east, 'track', 's3:PutObject', bucket(west, '/log/*'), 2),
    use(west, 'track', 's3:PutObject', bucket(east, '/log/*'), 3),
    use(west, 'track', 's3:PutObject', bucket(west, '/log/*')),
  ];
  expect(grantRows(uses, regions).map((row) => [grantName(row), row.used])).toEqual([
    ["track s3:PutObject home's log/*", 0],
    ["track s3:PutObject peer's log/*", 5],
  ]);
});

test('a grant that one drill used is used', () => {
  const [one, other] = [use(east, 'store', 'a:B', bucket(east), 1), use(east, 'store', 'a:C', bucket(east))];
  const first = grantRows([one, other], regions);
  const second = grantRows([{ ...one, used: 0 }, other], regions);
  expect(unusedGrants(second).map(grantName)).toEqual(["store a:B home's log bucket", "store a:C home's log bucket"]);
  expect(unusedGrants(summedGrants([...first, ...second])).map(grantName)).toEqual(["store a:C home's log bucket"]);
});

test('a grant that only AWS itself uses is excused, but only for that function', () => {
  const logs = `arn:aws:logs:${east}:${account}:log-group:x:*`;
  const rows = grantRows(
    [
      use(east, 'track', 'logs:PutLogEvents', logs),
      use(east, 'store', 'sqs:GetQueueAttributes', queue(east, 'intake')),
      use(east, 'replay', 'sqs:SendMessage', queue(east, 'dead-letters')),
      use(east, 'track', 'sqs:GetQueueAttributes', queue(east, 'intake')),
    ],
    regions,
  );
  expect(unusedGrants(rows).map(grantName)).toEqual(["track sqs:GetQueueAttributes home's intake queue"]);
  const text = grantLines(rows).join('\n');
  expect(text).toMatch(/^track logs:PutLogEvents its own log group +Lambda writes/m);
  expect(text).toMatch(/^track sqs:GetQueueAttributes home's intake queue +NEVER USED$/m);
});
