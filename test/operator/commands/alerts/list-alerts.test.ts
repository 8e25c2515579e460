import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AlertState, alertStateKey, encodeAlertState } from '../../../../core/alerts/alert-state.ts';
import { catalogKey, makeSnapshot } from '../../../../core/catalog/snapshot.ts';
import { contentFrom } from '../../../core/tracking/ask.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

const yaml = `network: { name: N }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 7, name: B }]
offers: [{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2 }]
alerts:
  - { id: 1, measure: conversion_rate, offer_id: 1, below: "0.5" }
  - { id: 2, measure: clicks, affiliate_id: 7, change_percent: -50 }
  - { id: 3, measure: pending_share, above: 40 }
  - { id: 4, measure: clicks, above: 9000 }
`;
const minuteMs = 60_000;
const times = { beganAtMs: sampleMs - 60 * minuteMs, knownAtMs: sampleMs, atMs: sampleMs };
const state: AlertState = {
  episodes: [
    { key: 'cap/3/0/click_cap/near', of: '', says: 'The cap is nearly reached.', ...times },
    { key: 'rule/1', of: '', says: 'Alert 1: text', ...times, toldAtMs: sampleMs },
    { key: 'rule/4', of: '', says: 'Alert 4: text', ...times, toldAtMs: sampleMs, endedAtMs: sampleMs - minuteMs },
  ],
  rules: {
    hourEndMs: sampleMs - 10 * minuteMs,
    readings: [
      { id: 1, verdict: 'out', says: '0.29 %, bound 0.50 %' },
      { id: 2, verdict: 'unknown', says: 'too few clicks to tell' },
      { id: 4, verdict: 'within', says: '10, bound 9,000' },
    ],
  },
};

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
  for (const region of [east, west] as const) put(region, catalogKey, makeSnapshot(contentFrom(yaml)).text);
});
afterEach(() => cloud.close());

function put(region: typeof east | typeof west, key: string, body: string | Uint8Array): void {
  cloud.buckets[region].put(key, Buffer.from(body));
}

describe('alerts list', () => {
  test('shows each rule with its state, its figures and when it was last told', async () => {
    put(east, alertStateKey, encodeAlertState(state));
    const { exitCode, out, error } = await cloud.run('alerts list');
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
    expect(out).toEqual(
      [
        'judged: the hour to 2026-11-23 05:00:00 UTC',
        'id  rule                                                                        state  figures                 last told',
        '1   conversion rate of offer 1 below 0.5 %                                      ALERT  0.29 %, bound 0.50 %    since 2026-11-23 04:10:00 UTC',
        '2   number of clicks of affiliate 7 down by 50 % or more against past weeks     quiet  too few clicks to tell  never',
        '3   share of pending conversions above 40 %                                     quiet  not judged yet          never',
        '4   number of clicks above 9000                                                 ok     10, bound 9,000         2026-11-23 04:10:00 UTC to 2026-11-23 05:09:00 UTC',
        'The cap is nearly reached. (since 2026-11-23 04:10:00 UTC, no message could be sent)',
      ].map((line) =>
        expect.stringMatching(new RegExp(`^${line.replace(/[()]/g, '\\$&').replace(/ {2,}/g, ' {2,}')}$`)),
      ),
    );
  });

  test('knows what the other region told while the first one was away', async () => {
    put(east, alertStateKey, encodeAlertState({ ...state, rules: { hourEndMs: 0, readings: [] } }));
    const later = state.episodes.map((episode) => ({ ...episode, atMs: sampleMs + 1, endedAtMs: sampleMs + 1 }));
    put(west, alertStateKey, encodeAlertState({ ...state, episodes: later }));
    const { out } = await cloud.run('alerts list --json');
    const listed = JSON.parse(out.join('\n'));
    expect(listed).toMatchObject({ judgedTo: '2026-11-23T05:00:00.000Z', others: [] });
    expect(listed.rules[0]).toMatchObject({ rule: { id: 1 }, state: 'ok', episode: { endedAtMs: sampleMs + 1 } });
  });

  test('says so when the catalog has no rules, and when nothing was judged yet', async () => {
    expect((await cloud.run('alerts list')).out[0]).toBe('no hour was judged yet');
    const none = makeSnapshot(contentFrom(yaml.split('alerts:')[0] ?? '')).text;
    for (const region of [east, west] as const) put(region, catalogKey, none);
    expect((await cloud.run('alerts list')).out).toEqual(['the catalog has no rules of alerts']);
  });

  test('of a region that is dead shows what the other one has, with exit code 1', async () => {
    put(west, alertStateKey, encodeAlertState(state));
    cloud.kill(east);
    const { exitCode, out, error } = await cloud.run('alerts list');
    expect(exitCode).toBe(1);
    expect(out).toHaveLength(7);
    expect(error).toEqual([expect.stringMatching(/^us-east-1: /)]);
  });

  test('does not take damaged bytes for a state', async () => {
    put(east, alertStateKey, '{"v":9}');
    const { exitCode, error } = await cloud.run('alerts list');
    expect([exitCode, error]).toEqual([1, ['us-east-1: alerts/state.json cannot be understood']]);
  });
});
