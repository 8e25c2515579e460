import type { TrackedEvent } from '../../core/event/event.ts';
import type { Send, SendResult } from '../../drill/load/sender.ts';
import { readCatalogText } from '../../drill/oracle/catalog-text.ts';
import type { DrillProgress } from '../../drill/run-drill.ts';
import { parseScenario, type Scenario } from '../../drill/scenarios/scenario.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';
import { FakeCloud } from './fake-cloud.ts';
import { acknowledgement, eventMint, loadTypeOf } from './fake-track.ts';

/** One offer and one affiliate, without goals and tokens. */
export const oneOfferCatalog = readCatalogText(`
network: { currency: USD }
advertisers: [{ id: 1 }]
affiliates: [{ id: 1001 }]
offers: [{ id: 1500, advertiser_id: 1, payout: "3.00", revenue: "4.50" }]
`);

export const silent: DrillProgress = {
  warmingUp: () => {},
  idling: () => {},
  loadStarted: () => {},
  faultStarted: () => {},
  faultEnded: () => {},
  stepBegun: () => {},
  stepDone: () => {},
  looked: () => {},
  healed: () => {},
  settled: () => {},
};

export function scenarioOf(text: string): Scenario {
  const parsed = parseScenario(text, ['us-east-1', 'us-west-2']);
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  return parsed.scenario;
}

export interface FakeDrill {
  readonly clock: SimulatedTime;
  readonly cloud: FakeCloud;
  readonly send: Send;
}

/** A cloud whose `track` calls `answer` after 20 ms. By default every event is in both logs at once. */
export function fakeDrill(answer: (cloud: FakeCloud, event: TrackedEvent) => SendResult = keep): FakeDrill {
  const clock = new SimulatedTime();
  const cloud = new FakeCloud(clock);
  const mint = eventMint(clock);
  const send: Send = async (path) => {
    await clock.sleep(20);
    if (path === '/' || path === '/health') return { status: 200, error: '', headers: {}, body: '' };
    return answer(cloud, mint(loadTypeOf(path)));
  };
  return { clock, cloud, send };
}

export function keep(cloud: FakeCloud, event: TrackedEvent): SendResult {
  cloud.store([event]);
  return acknowledgement(event);
}
