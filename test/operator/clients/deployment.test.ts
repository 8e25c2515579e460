import { expect, test } from 'vitest';
import type { Shell } from '../../../operator/cli/shell.ts';
import { openDeployment } from '../../../operator/clients/deployment.ts';

const config = {
  name: 'clicks',
  account: '123456789012',
  regions: ['us-east-1', 'eu-west-1'],
  domain: { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' },
  trackingNames: [{ name: 'go.brand.com', zoneName: 'brand.com', zoneId: 'Z0123456789BRAND' }],
  concurrency: { account: 3_000, track: 1_000 },
};

async function port80Of(origin: string, doors: object): Promise<string | undefined> {
  const shell = { readFile: () => JSON.stringify({ ...config, ...doors }) } as Partial<Shell> as Shell;
  const deployment = await openDeployment({ config: 'keeptrack.config.json' }, shell);
  return deployment?.overHttpOf(origin);
}

const balancerFirst = { frontDoor: 'alb', secondFrontDoor: 'http-api' };

test.each(['go.example.com', 'eu-west-1.go.example.com', 'go.brand.com'])(
  'behind a load balancer, %s has a port 80',
  async (name) => {
    expect(await port80Of(`https://${name}`, balancerFirst)).toBe(`http://${name}`);
    expect(await port80Of(`https://${name}`, { secondFrontDoor: 'alb' })).toBeUndefined();
  },
);

test('the own name of an HTTP API has no port 80, also while it is the second door', async () => {
  expect(await port80Of('https://a1b2.execute-api.us-east-1.amazonaws.com', balancerFirst)).toBeUndefined();
});
