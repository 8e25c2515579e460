import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { attemptChange, changeNames } from '../../../drill/faults/attempt-change.ts';
import { type Endpoint, startEndpoint } from '../../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../../local/fault/fault-board.ts';
import { anyPort } from '../../../local/listen.ts';
import { globalServices } from '../../../local/wire/global-services.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

let faults: FaultBoard;
let endpoint: Endpoint;

beforeEach(async () => {
  const [time, chance] = [new SimulatedTime(), seededChance(1)];
  faults = new FaultBoard({ time, chance });
  endpoint = await startEndpoint({
    ...{ port: anyPort, faults, time, chance, services: globalServices(), policyOf: () => [], kill: () => {} },
    onSurprise: (error) => {
      throw error;
    },
  });
});
afterEach(() => endpoint.close());

describe.each(changeNames)('%s', (name) => {
  test('is counted by its name, and refused as not modelled', async () => {
    const { status, text } = await attemptChange(endpoint.url, name);
    expect(status).toBe(501);
    expect(text).toContain('does not model');
    expect(endpoint.tally.calls('us-east-1')).toEqual({ [name]: 1 });
  });

  test('is refused as AWS does while the control planes take no changes', async () => {
    faults.add({ service: 'control-planes', effect: 'error' });
    expect(await attemptChange(endpoint.url, name)).toMatchObject({
      status: 503,
      text: expect.stringContaining('ServiceUnavailable'),
    });
  });

  test('does not depend on the servers of Keeptrack in us-east-1', async () => {
    faults.add({ service: 'region', region: 'us-east-1', effect: 'error', status: 503 });
    expect((await attemptChange(endpoint.url, name)).status).toBe(501);
  });
});
