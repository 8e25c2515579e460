import { expect, test } from 'vitest';
import { alertMessage } from '../../../core/alerts/alert-message.ts';
import {
  type AlertState,
  encodeAlertState,
  mergeAlertStates,
  noAlertState,
  parseAlertState,
} from '../../../core/alerts/alert-state.ts';
import type { Episode } from '../../../core/alerts/episodes.ts';

const episode: Episode = { key: 'rule/1', of: 'r', says: 'Offer 1 is quiet.', beganAtMs: 1, knownAtMs: 1, atMs: 1 };
const state: AlertState = {
  episodes: [episode, { ...episode, key: 'rule/2', endedAtMs: 4, toldAtMs: 2, sendingUntilMs: 3 }],
  rules: { hourEndMs: 900_000, readings: [{ id: 1, verdict: 'out', says: '0.10 %' }] },
};

test('a state comes back as it was written', () => {
  expect(parseAlertState(encodeAlertState(state))).toEqual(state);
  expect(parseAlertState(encodeAlertState(noAlertState))).toEqual(noAlertState);
});

test.each([
  'no JSON',
  '[]',
  '{"v":2,"episodes":[],"rules":{"hourEndMs":0,"readings":[]}}',
  '{"v":1,"episodes":[{}],"rules":{"hourEndMs":0,"readings":[]}}',
  '{"v":1,"episodes":[],"rules":{"hourEndMs":0,"readings":[{"id":1,"verdict":"x","says":""}]}}',
  '{"v":1,"episodes":[null],"rules":null}',
])('bytes that are no state are not taken for one: %s', (text) => {
  expect(parseAlertState(Buffer.from(text))).toBeUndefined();
});

test('two copies come to the same in either order, with the readings of the newer hour', () => {
  const older: AlertState = { episodes: [{ ...episode, atMs: 9, toldAtMs: 9 }], rules: { hourEndMs: 0, readings: [] } };
  const merged = mergeAlertStates(state, older);
  expect(merged).toEqual(mergeAlertStates(older, state));
  expect(merged.rules).toEqual(state.rules);
  expect(merged.episodes[0]?.toldAtMs).toBe(9);
});

test('a message has each alert, and one that is over by now says so', () => {
  expect(alertMessage('clicks', 'us-east-1', [episode])).toEqual({
    subject: 'Keeptrack clicks (us-east-1): an alert',
    body: expect.stringMatching(/^Offer 1 is quiet\.\n\nEach is told once/),
  });
  const { subject, body } = alertMessage('clicks', 'us-east-1', state.episodes);
  expect(subject).toBe('Keeptrack clicks (us-east-1): 2 alerts');
  expect(body).toContain('Offer 1 is quiet. It is over by now.');
});

test('a flood of alerts is one message that counts what it leaves out', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({ ...episode, says: `${index} ${'x'.repeat(1_000)}` }));
  const { body } = alertMessage('clicks', 'us-east-1', many);
  expect(body).toContain('950 more began at the same time.');
  expect(Buffer.byteLength(body)).toBeLessThan(256 * 1_024);
});
