import { expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { createNameClients } from '../../../local/model/name-clients.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

function trial(keepsOld: (draw: number, address: string) => boolean = () => false) {
  const time = new SimulatedTime();
  let answer: string | undefined = 'east';
  let queries = 0;
  const clients = createNameClients({
    count: 20,
    ttlMs: 60_000,
    time,
    chance: seededChance(3),
    resolve: () => {
      queries += 1;
      return answer;
    },
    keepsOld,
  });
  const requests = (count: number) => Array.from({ length: count }, () => clients.next());
  return {
    time,
    clients,
    requests,
    queries: () => queries,
    answerFromNowOn: (next: string | undefined) => {
      answer = next;
    },
  };
}

const countOf = (items: readonly unknown[], wanted: unknown) => items.filter((item) => item === wanted).length;

test('a client asks once and keeps the answer for its time', () => {
  const { requests, queries, clients } = trial();
  requests(1_000);
  expect(queries()).toBe(20);
  expect(clients.holding()).toEqual({ east: 20 });
});

test('clients leave one after another when the answer changes, the last within the time of an answer', async () => {
  const { time, requests, answerFromNowOn, clients } = trial();
  for (let second = 0; second < 60; second += 1) {
    requests(2);
    await time.pass(1_000);
  }
  answerFromNowOn('west');
  const inTheFirst30Seconds = requests(200);
  expect(countOf(inTheFirst30Seconds, 'east')).toBeGreaterThan(0);
  await time.pass(60_000);
  expect(clients.holding()['east']).toBeUndefined();
  expect(countOf(requests(200), 'east')).toBe(0);
});

test('clients that keep old answers are always the same, and go on once they do not any more', async () => {
  let isStale = true;
  const { time, requests, answerFromNowOn, clients } = trial(
    (draw, address) => isStale && address === 'east' && draw < 0.3,
  );
  requests(1_000);
  answerFromNowOn('west');
  const sticky: unknown[] = [];
  for (let minute = 0; minute < 5; minute += 1) {
    await time.pass(61_000);
    requests(1_000);
    sticky.push(clients.holding()['east']);
  }
  expect(sticky[0]).toBeGreaterThan(0);
  expect(new Set(sticky).size).toBe(1);
  isStale = false;
  expect(clients.holding()['east']).toBeUndefined();
});

test('a name that leads nowhere is asked for each time', () => {
  const { requests, answerFromNowOn } = trial();
  answerFromNowOn(undefined);
  expect(requests(100)).toEqual(Array(100).fill(undefined));
  answerFromNowOn('west');
  expect(requests(100)).toEqual(Array(100).fill('west'));
});
