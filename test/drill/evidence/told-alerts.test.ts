import { expect, test } from 'vitest';
import { alertMessage } from '../../../core/alerts/alert-message.ts';
import { alertsProblems, toldAlerts } from '../../../drill/evidence/told-alerts.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { FakeCloud, west } from '../fake-cloud.ts';

const when = { beganAtMs: 1, knownAtMs: 1, atMs: 1, of: '' };
const rate = { ...when, key: 'rule/1', says: 'Alert 1: the conversion rate is 0.00 %. Look at: keeptrack report' };
const cap = { ...when, key: 'cap/730/0/conversion_cap/near', says: 'The cap is nearly reached: 9 of 10 (90.00 %)' };

function messageOf(...episodes: readonly (typeof rate)[]) {
  return { id: '1', atMs: 1, body: alertMessage('clicks', west, episodes).body };
}

test('a message tells each of its alerts, and other figures do not make another alert', () => {
  const later = { ...cap, says: cap.says.replace('9 of 10', '10 of 10') };
  expect(toldAlerts([messageOf(rate, cap), messageOf(later)])).toEqual([
    'Alert 1',
    'The cap is nearly reached',
    'The cap is nearly reached',
  ]);
});

test('an alert that comes late is waited for; one that never comes, and one too many, are named', async () => {
  const clock = new SimulatedTime();
  const cloud = new FakeCloud(clock);
  const told = clock.until(alertsProblems(cloud, clock, 1));
  clock.after(5_000, () => cloud.messages.push({ region: west, ...messageOf(rate) }));
  expect(await told).toEqual([]);
  expect(await clock.until(alertsProblems(cloud, clock, 2))).toEqual(['1 alerts were told: Alert 1']);
  expect(await clock.until(alertsProblems(cloud, clock, 0))).toEqual(['1 alerts were told: Alert 1']);
});
