import { describe, expect, test } from 'vitest';
import { parseDeployConfig } from '../../../core/config/deploy-config.ts';
import { liveDoors } from '../../../core/config/front-doors.ts';

const good = { name: 'keeptrack', account: '111122223333', regions: ['us-east-1', 'us-west-2'] };
const roomy = { account: 3_000, track: 1_000 };

function parsed(fields: object) {
  return parseDeployConfig(JSON.stringify({ ...good, ...fields }));
}

function problemsOf(fields: object): readonly string[] {
  const result = parsed(fields);
  return result.kind === 'invalid' ? result.problems : [];
}

describe('the front door', () => {
  test('is the HTTP API unless the config says otherwise', () => {
    expect(parsed({})).toMatchObject({ kind: 'valid', config: { frontDoor: 'http-api' } });
  });

  test.each<[string, object]>([
    ['a load balancer', { frontDoor: 'alb', concurrency: roomy }],
    ['a load balancer beside the HTTP API', { secondFrontDoor: 'alb', concurrency: roomy }],
    ['the HTTP API beside a load balancer', { frontDoor: 'alb', secondFrontDoor: 'http-api', concurrency: roomy }],
    [
      'a load balancer with all its options',
      { frontDoor: 'alb', concurrency: roomy, loadBalancer: { waf: true, reservedCapacityUnits: 100 } },
    ],
    [
      'a load balancer, whose bound is below the throttle of an API that is not there',
      { frontDoor: 'alb', concurrency: { track: 100 } },
    ],
  ])('can be %s', (_, fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['something else', { frontDoor: 'nginx' }, /^frontDoor: must be one of http-api, alb$/],
    ['twice the same', { secondFrontDoor: 'http-api' }, /^secondFrontDoor: must be another door than frontDoor$/],
    [
      'a load balancer without a bound',
      { frontDoor: 'alb' },
      /^concurrency\.track: is missing\. A load balancer has no throttle, .* at most 10 requests a second for each, and fewer when a request takes longer than 100 ms$/,
    ],
    ['a second load balancer without a bound', { secondFrontDoor: 'alb' }, /^concurrency\.track: is missing\./],
    [
      'a load balancer in a trial without reservations',
      { frontDoor: 'alb', concurrency: { account: 10, floor: 'none' } },
      /^concurrency\.floor: must be "kept" with a load balancer\. A trial takes the HTTP API$/,
    ],
    [
      'both doors, of which the API lets in more than `track` may have',
      { secondFrontDoor: 'alb', concurrency: { track: 300 } },
      /^throttle\.requestsPerSecond: 5000 is more than Lambda can serve: track is sure of 300 /,
    ],
    [
      'an HTTP API with a firewall',
      { loadBalancer: { waf: true } },
      /^loadBalancer: needs frontDoor "alb" or secondFrontDoor "alb"$/,
    ],
    [
      'a load balancer with less capacity than AWS reserves',
      { frontDoor: 'alb', concurrency: roomy, loadBalancer: { reservedCapacityUnits: 99 } },
      /^loadBalancer\.reservedCapacityUnits: must be 100 to 15000, the capacity units that AWS reserves for one load balancer$/,
    ],
  ])('cannot be %s, and one line says why', (_, fields, problem) => {
    expect(problemsOf(fields)).toEqual([expect.stringMatching(problem)]);
  });

  test('is reported together with everything else that is wrong', () => {
    const problems = problemsOf({
      frontDoor: 'alb',
      secondFrontDoor: 'alb',
      loadBalancer: { waf: 'yes', price: 0 },
      trackingNames: [{ name: 'Go' }],
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'loadBalancer.waf',
      'loadBalancer',
      'trackingNames[0]',
      'secondFrontDoor',
      'trackingNames',
      'concurrency.track',
    ]);
  });
});

test('the door with the records comes first', () => {
  expect(liveDoors({ frontDoor: 'alb' })).toEqual(['alb']);
  expect(liveDoors({ frontDoor: 'alb', secondFrontDoor: 'http-api' })).toEqual(['alb', 'http-api']);
});
