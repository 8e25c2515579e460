import { createHash } from 'node:crypto';
import { type OperatorDraft, operatorEvent } from '../core/conversions/operator-events.ts';
import { encodeLine } from '../core/event/event.ts';
import { makeOperatorKey, OperatorKeys, signEvent } from '../core/keys/operator-keys.ts';

/** Events of operators, as the operator's tool makes them. */

const file = makeOperatorKey('ann');
const { id, name, publicKey } = file;

/** The public keys by which `operatorLine` is signed. */
export const operatorKeys = new OperatorKeys([{ id, name, publicKey, fromMs: 0, changedBy: 'ann', changedAtMs: 0 }]);

/** Another `seq` or time makes another id. */
export function operatorLine(seq: number, atMs: number, draft: OperatorDraft, isSigned = true): string {
  const event = operatorEvent(draft, atMs, createHash('sha256').update(`${seq}`).digest());
  return encodeLine(isSigned ? signEvent(event, file) : event);
}
