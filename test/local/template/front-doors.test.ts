import { expect, test } from 'vitest';
import { readTemplate } from '../../../local/template/read-template.ts';
import type { RegionTemplate } from '../../../local/template/region-template.ts';
import { configOf, templatesOf } from '../../lib/templates.ts';

/** The app's own templates with each front door are read whole, without a refusal. */

const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };
const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/foreign`;
const trackingNames = [
  { name: 'go.brand.com', zoneName: 'brand.com', zoneId: 'Z0123456789BRAND' },
  {
    name: 'click.affiliate.org',
    certificates: { 'us-east-1': arn('us-east-1'), 'eu-west-1': arn('eu-west-1') },
  },
];
const bounded = { concurrency: { account: 3_000, track: 1_000 } };

function readAll(overrides: object): readonly RegionTemplate[] {
  return templatesOf(configOf(overrides)).map((template, index) => {
    const region = index === 0 ? 'us-east-1' : 'eu-west-1';
    const place = { stackName: `Stack-${region}`, region, account: '123456789012' };
    const read = readTemplate({ place, template: template.toJSON(), assetDirectory: () => '/tmp' }, () => 'secret');
    if (read.kind === 'refused') throw new Error(read.problems.join('\n'));
    return read.template;
  });
}

/** Records of IPv4, each with the end of the way that its name leads. */
function endsOf({ records }: RegionTemplate): Record<string, string> {
  const ofA = records.filter(({ type }) => type === 'A');
  const end = (target: string): string => {
    const next = ofA.find(({ name }) => name === target);
    return next ? end(next.target) : target;
  };
  return Object.fromEntries(ofA.map(({ name, target }) => [name, end(target)]));
}

test('an HTTP API', () => {
  for (const template of readAll({ domain, trackingNames })) {
    expect([template.apis.length, template.loadBalancers.length]).toEqual([1, 0]);
    expect(template.domains.map(({ name }) => name)).toContain('click.affiliate.org');
  }
});

test('a load balancer, with a firewall and reserved capacity', () => {
  const loadBalancer = { waf: true, reservedCapacityUnits: 120 };
  for (const template of readAll({ frontDoor: 'alb', ...bounded, loadBalancer, domain, trackingNames })) {
    const [balancer] = template.loadBalancers;
    expect([template.apis.length, balancer?.listeners.map(({ port }) => port)]).toEqual([0, [80, 443]]);
    expect(balancer?.listeners[1]?.certificateNames).toEqual(
      expect.arrayContaining(['go.example.com', `${template.region}.go.example.com`, 'go.brand.com']),
    );
    const ends = endsOf(template);
    expect(Object.keys(ends)).toEqual(expect.arrayContaining(['go.example.com', 'go.brand.com']));
    expect(new Set(Object.values(ends))).toEqual(new Set([`dualstack.${balancer?.dnsName}`]));
  }
});

test('a load balancer without a domain has port 80 alone', () => {
  for (const { loadBalancers } of readAll({ frontDoor: 'alb', ...bounded }))
    expect(loadBalancers.flatMap(({ listeners }) => listeners.map(({ port }) => port))).toEqual([80]);
});

test.each([
  ['http-api', 'alb'],
  ['alb', 'http-api'],
])(
  'both, while a deployment changes its door: records lead to %s, and %s stands beside it',
  (frontDoor, secondFrontDoor) => {
    for (const template of readAll({ frontDoor, secondFrontDoor, ...bounded, domain })) {
      const [balancer] = template.loadBalancers;
      expect([template.apis.length, template.loadBalancers.length, template.domains.length]).toEqual([1, 1, 2]);
      const toBalancer = Object.values(endsOf(template)).map((end) => end === `dualstack.${balancer?.dnsName}`);
      expect(new Set(toBalancer)).toEqual(new Set([frontDoor === 'alb']));
    }
  },
);
