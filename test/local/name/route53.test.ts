import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { anyPort, type Listening, listen } from '../../../local/listen.ts';
import { createLocalWorld, type LocalWorld } from '../../../local/local-world.ts';
import { checkersAt } from '../../../local/name/health-checks.ts';
import { type Route53, startRoute53 } from '../../../local/name/route53.ts';
import type { RegionTemplate } from '../../../local/template/region-template.ts';
import { waitUntil } from '../real-time.ts';
import { minimalTemplate, read } from '../template/minimal.ts';
import { templateWithDomain } from '../template/traffic.ts';

const [east, west] = ['us-east-1', 'us-west-2'] as const;
const shared = 'go.example.com';
/** So fast that an interval is 50 ms. */
const speed = 200;

const servers: Listening[] = [];
const worlds: LocalWorld[] = [];
const running: Route53[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) one.stop();
  for (const world of worlds.splice(0)) world.time.stop();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** What the two regions answer now: whether they are well, and which regions they say are drained. */
interface Behaviour {
  readonly well: Set<string>;
  readonly drained: Set<string>;
}

async function scene(templates: (east: RegionTemplate) => readonly RegionTemplate[]) {
  const behaviour: Behaviour = { well: new Set([east, west]), drained: new Set() };
  const world = createLocalWorld(speed, 5);
  worlds.push(world);
  const regions = await Promise.all(
    templates(read(templateWithDomain())).map(async (template) => {
      const server = await listen(
        createServer((request, response) => {
          const asked = /^\/drained\/(.*)$/.exec(request.url ?? '')?.[1];
          const isDrained = asked !== undefined && behaviour.drained.has(asked);
          if (asked !== undefined) response.end(isDrained ? 'drained' : 'no');
          else response.writeHead(behaviour.well.has(template.region) ? 200 : 503).end('ok');
        }),
        anyPort,
      );
      servers.push(server);
      return { template, url: server.url };
    }),
  );
  const route53 = startRoute53({ world, speed, regions });
  running.push(route53);
  const leadsTo = (region: string) => route53.answers(shared).every((answer) => answer.region === region);
  const settled = () => waitUntil(() => route53.checks().every((check) => check.settled));
  return { route53, world, behaviour, leadsTo, settled };
}

/** The other stack: the same with the regions exchanged. */
function mirrored(template: RegionTemplate): RegionTemplate {
  const text = JSON.stringify(template)
    .replaceAll(east, 'SWAP')
    .replaceAll(west, east)
    .replaceAll('SWAP', west)
    .replaceAll('PRIMARY', 'SECONDARY');
  return JSON.parse(text) as RegionTemplate;
}

const both = (template: RegionTemplate) => [template, mirrored(template)];

describe('the tracking name', () => {
  test('leads to the primary from the start, though inverted checks count as unhealthy until they know better', async () => {
    const { route53, leadsTo, settled } = await scene(both);
    expect(route53.trackingName).toBe(shared);
    expect([route53.healthy(east), leadsTo(east)]).toEqual([false, true]);
    await settled();
    await waitUntil(() => route53.healthy(east) && route53.healthy(west));
    expect(leadsTo(east)).toBe(true);
  });

  test('leads to the secondary while the primary is ill, and back', async () => {
    const { route53, behaviour, leadsTo } = await scene(both);
    await waitUntil(() => route53.healthy(west));
    behaviour.well.delete(east);
    await waitUntil(() => leadsTo(west));
    behaviour.well.add(east);
    await waitUntil(() => leadsTo(east));
  });

  test('leads away from a region that its peer says is drained, even when that region is dead', async () => {
    const { route53, behaviour, leadsTo } = await scene(both);
    await waitUntil(() => route53.healthy(east) && route53.healthy(west));
    behaviour.drained.add(east);
    await waitUntil(() => leadsTo(west));
    expect(route53.checks().find(({ watches }) => watches.endsWith(`/drained/${east}`))).toMatchObject({
      inverted: true,
      healthy: false,
    });
  });

  test('leads to the primary when both are ill', async () => {
    const { route53, behaviour, leadsTo, settled } = await scene(both);
    behaviour.well.clear();
    await settled();
    await waitUntil(() => !route53.healthy(east) && !route53.healthy(west));
    expect(leadsTo(east)).toBe(true);
  });

  test('moves when Route 53 itself errs about a region, and back', async () => {
    const { route53, world, leadsTo } = await scene(both);
    await waitUntil(() => route53.healthy(east) && route53.healthy(west));
    const { id } = world.faults.add({ service: 'health', effect: 'error', region: east });
    await waitUntil(() => leadsTo(west));
    world.faults.remove(id);
    await waitUntil(() => leadsTo(east));
  });

  test('is found in one stack alone while the other has no domain yet', async () => {
    const { route53, leadsTo } = await scene((template) => [
      { ...template, domains: [], records: [], healthChecks: [] },
      mirrored(template),
    ]);
    expect(route53.trackingName).toBe(shared);
    expect(leadsTo(west)).toBe(true);
  });

  test('is not there without a domain, and then no region is ill', async () => {
    const { route53 } = await scene(() => [read(minimalTemplate())]);
    expect([route53.trackingName, route53.checks(), route53.healthy(east)]).toEqual([undefined, [], true]);
  });
});

test('a region whose own name leads nowhere is ill, well as it may be', async () => {
  const { route53 } = await scene((template) => [
    { ...template, records: template.records.filter(({ name }) => name === shared) },
  ]);
  await waitUntil(() => route53.checks().some(({ watches, healthy }) => watches.endsWith('/health') && !healthy));
});

test('fewer checkers ask where they ask more often', () => {
  expect([1, 3.5, 5, 10, 40].map(checkersAt)).toEqual([16, 16, 8, 2, 1]);
});
