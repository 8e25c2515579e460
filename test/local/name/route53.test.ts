import { afterEach, describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { FaultBoard } from '../../../local/fault/fault-board.ts';
import { Internet } from '../../../local/internet/internet.ts';
import type { LocalWorld } from '../../../local/local-world.ts';
import { checkersAt } from '../../../local/name/health-checks.ts';
import { type Route53, startRoute53 } from '../../../local/name/route53.ts';
import { namesOfBalancer } from '../../../local/template/record-templates.ts';
import type { RegionTemplate } from '../../../local/template/region-template.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { templateWithBalancer } from '../template/balancer.ts';
import { minimalTemplate, read } from '../template/minimal.ts';
import { templateWithDomain } from '../template/traffic.ts';

const [east, west] = ['us-east-1', 'us-west-2'] as const;
const shared = 'go.example.com';
/** All that a name needs to move: three answers of each checker, and the time until it asks. */
const moveMs = 60_000;

const running: Route53[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.stop();
});

/** Whether the two regions are well now, and which regions they say are drained. */
interface Behaviour {
  readonly well: Set<string>;
  readonly drained: Set<string>;
}

function scene(templates: (east: RegionTemplate) => readonly RegionTemplate[], template = templateWithDomain()) {
  const behaviour: Behaviour = { well: new Set([east, west]), drained: new Set() };
  const time = Object.assign(new SimulatedTime(), { stop() {}, advance() {}, aheadMs: () => 0 });
  const chance = seededChance(5);
  const faults = new FaultBoard({ time, chance });
  const world: LocalWorld = {
    time,
    fastTime: time,
    windowTime: time,
    chance,
    faults,
    internet: new Internet(faults),
  };
  const route53 = startRoute53({
    world,
    speed: 1,
    regions: templates(read(template)).map((template) => ({
      template,
      doors: [{ targets: targetsOf(template), url: template.region }],
    })),
    probe: async ({ url, path }) => {
      const asked = /^\/drained\/(.*)$/.exec(path)?.[1];
      return asked === undefined ? behaviour.well.has(url) : behaviour.drained.has(asked);
    },
  });
  running.push(route53);
  return {
    route53,
    world,
    behaviour,
    wait: () => time.pass(moveMs),
    /** Regions that the shared name can lead to now. */
    leadsTo: () => route53.answers(shared).map(({ region }) => region),
    health: () => [route53.healthy(east), route53.healthy(west)],
  };
}

/** Where records of the template lead: to its load balancer, or else to the domains of its HTTP API. */
function targetsOf({ loadBalancers, domains }: RegionTemplate): readonly string[] {
  return loadBalancers.length > 0 ? loadBalancers.flatMap(namesOfBalancer) : domains.map(({ target }) => target);
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
    const { route53, leadsTo, health, wait } = scene(both);
    expect(route53.trackingName).toBe(shared);
    expect([health(), leadsTo()]).toEqual([[false, false], [east]]);
    await wait();
    expect(route53.checks().filter(({ settled }) => !settled)).toEqual([]);
    expect([health(), leadsTo()]).toEqual([[true, true], [east]]);
  });

  test.each([
    ['HTTP APIs', templateWithDomain()],
    ['load balancers', templateWithBalancer()],
  ])('leads to the secondary while the primary is ill, and back, through %s', async (_, template) => {
    const { behaviour, leadsTo, wait } = scene(both, template);
    await wait();
    behaviour.well.delete(east);
    await wait();
    expect(leadsTo()).toEqual([west]);
    behaviour.well.add(east);
    await wait();
    expect(leadsTo()).toEqual([east]);
  });

  test('leads away from a region that its peer says is drained, even when that region is dead', async () => {
    const { route53, behaviour, leadsTo, wait } = scene(both);
    await wait();
    behaviour.drained.add(east);
    await wait();
    expect(leadsTo()).toEqual([west]);
    expect(route53.checks().find(({ watches }) => watches.endsWith(`/drained/${east}`))).toMatchObject({
      inverted: true,
      healthy: false,
    });
  });

  test('leads to the primary when both are ill', async () => {
    const { behaviour, leadsTo, health, wait } = scene(both);
    behaviour.well.clear();
    await wait();
    expect([health(), leadsTo()]).toEqual([[false, false], [east]]);
  });

  test('moves when Route 53 itself errs about a region, and back', async () => {
    const { world, leadsTo, wait } = scene(both);
    await wait();
    const { id } = world.faults.add({ service: 'health', effect: 'error', region: east });
    await wait();
    expect(leadsTo()).toEqual([west]);
    world.faults.remove(id);
    await wait();
    expect(leadsTo()).toEqual([east]);
  });

  test('is found in one stack alone while the other has no domain yet', () => {
    const { route53, leadsTo } = scene((template) => [
      { ...template, domains: [], records: [], healthChecks: [] },
      mirrored(template),
    ]);
    expect(route53.trackingName).toBe(shared);
    expect(leadsTo()).toEqual([west]);
  });

  test('is not there without a domain, and then no region is ill', () => {
    const { route53 } = scene(() => [read(minimalTemplate())]);
    expect([route53.trackingName, route53.checks(), route53.healthy(east)]).toEqual([undefined, [], true]);
  });
});

test('a region whose own name leads nowhere is ill, well as it may be', async () => {
  const { route53, wait } = scene((template) => [
    { ...template, records: template.records.filter(({ name }) => name === shared) },
  ]);
  await wait();
  expect(route53.checks().find(({ watches }) => watches.endsWith('/health'))).toMatchObject({ healthy: false });
});

test('fewer checkers ask where they ask more often', () => {
  expect([1, 3.5, 5, 10, 40].map(checkersAt)).toEqual([16, 16, 8, 2, 1]);
});
