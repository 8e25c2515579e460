import type { CloudState, HealthCheckState, RegionState } from '../../../../local/handle.ts';

/** A cloud in the middle of an outage, as `GET /api/state` would tell it. */
export function sampleState(changes: Partial<CloudState> = {}): CloudState {
  return {
    urls: {
      name: 'http://127.0.0.1:8080',
      console: 'http://127.0.0.1:8088',
      endpoint: 'http://127.0.0.1:4566',
      region: {},
    },
    nowMs: 1_000_000,
    startedAtMs: 0,
    speed: 1,
    nameAnswers: 'us-east-1',
    name: {
      trackingName: 'go.example.com',
      answers: [{ region: 'us-east-1', share: 1 }],
      clients: { total: 50, holding: { 'us-east-1': 31, 'us-west-2': 4 } },
      healthChecks: [sampleCheck('us-east-1'), sampleCheck('us-west-2')],
    },
    regions: [sampleRegion('us-east-1'), sampleRegion('us-west-2')],
    faults: [],
    calls: { 's3:PutObject': 12, 'sqs:SendMessage': 3_456 },
    ...changes,
  };
}

export function sampleCheck(region: string, changes: Partial<HealthCheckState> = {}): HealthCheckState {
  return {
    id: `health-${region}`,
    region,
    watches: `${region}.go.example.com/health`,
    inverted: false,
    healthy: true,
    settled: true,
    passing: 16,
    checkers: 16,
    ...changes,
  };
}

export function sampleRegion(region: string, changes: Partial<RegionState> = {}): RegionState {
  return {
    region,
    healthy: true,
    tables: [],
    figures: [],
    queues: [queue('keeptrack-intake', 7), queue('keeptrack-failure-us-east-1', 0), queue('keeptrack-dead-letters', 0)],
    bucket: { name: `keeptrack-log-${region}`, segments: 42, bytes: 1_234_000, lastWrittenAtMs: 997_000 },
    functions: [
      {
        name: 'keeptrack-track',
        environments: 2,
        busy: 1,
        invocations: 1_234,
        errors: 0,
        failedStarts: 0,
        coldStarts: 2,
      },
    ],
    messages: [],
    metrics: { 'Captured{rung=intake-home}': 1_200, 'Captured{rung=intake-peer}': 34, EventsStored: 1_230 },
    calls: {},
    denied: [],
    ...changes,
  };
}

function queue(name: string, visible: number) {
  return { name, visible, inFlight: 0, delayed: 0, oldestAgeMs: visible === 0 ? 0 : 3_000 };
}
