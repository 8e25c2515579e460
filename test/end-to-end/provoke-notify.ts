import { createHash } from 'node:crypto';
import { uuidV7 } from '../../core/event/uuid.ts';
import { digestOf } from '../../core/ledger/object-keys.ts';
import { minuteStart } from '../../core/log/log-key.ts';
import { outboxKey } from '../../core/postbacks/outbox-key.ts';
import { encodeOutbox } from '../../core/postbacks/outbox-line.ts';
import { encodeHealthBook, healthKey } from '../../core/postbacks/suspension.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { invoke } from './by-hand.ts';
import { assertUsed, during, untilUsed } from './use-rights.ts';

/**
 * Makes `notify` use every right that it has. No queue takes the event of an attempt. Home does not give its catalog. Then
 * there is something to tell the alarm address: a postback is suspended.
 */
export async function provokeNotify(cloud: LocalCloud): Promise<void> {
  const [home = ''] = cloud.regions;
  const notify = () => invoke(cloud, home, 'notify', { task: 'notify' });
  // Postbacks tell of what comes after they were first seen.
  await notify();
  plantSale(cloud, home, Date.now());
  const noQueue: Fault = {
    service: 'sqs',
    actions: ['SendMessage'],
    callers: ['notify'],
    effect: 'error',
    status: 403,
  };
  await during(cloud, [noQueue], notify);
  const unread: Fault = { service: 's3', actions: ['GetObject'], callers: ['notify'], effect: 'error', region: home };
  await during(cloud, [unread], () => untilUsed(cloud, /^notify s3:GetObject peer's catalog/, notify));
  // Of two books the later note holds, and the peer's book has noted the attempt above.
  const atMs = Date.now();
  const suspended = { failures: 10, lastFailureMs: atMs, suspendedAtMs: atMs };
  cloud.plantLogObject(home, healthKey, encodeHealthBook(new Map([[1, suspended]])));
  await notify();
  assertUsed(cloud, /^notify (sns|sqs|s3)/);
}

/** The outbox has a conversion of an affiliate who has a postback in examples/catalog.yaml. */
function plantSale(cloud: LocalCloud, region: string, atMs: number): void {
  const firstId = uuidV7(atMs, createHash('sha256').update('a sale for notify').digest());
  const ids = { key: digestOf([firstId]), firstId, standingId: firstId };
  const terms = { offerId: 15, affiliateId: 1_001, goalId: 0, currency: 'USD', payout: '3' };
  const key = outboxKey({ writtenAtMs: atMs, minuteMs: minuteStart(atMs), name: digestOf([firstId]) });
  cloud.plantLogObject(region, key, encodeOutbox([{ ...ids, standing: 'approved', ...terms }]));
}
