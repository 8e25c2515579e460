import { type ClickIdentity, readTransactionId, verifyTransactionId } from '../../../core/event/transaction-id.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { openKeyVault } from '../../clients/key-vault.ts';

/** What a transaction id says, and whether that can be believed. */
export interface CheckedIdentity extends ClickIdentity {
  readonly signature:
    | { readonly kind: 'valid' }
    /** By neither key that is accepted now: forged, or signed before the key before was retired. */
    | { readonly kind: 'invalid' }
    /** No region let its keys be read. */
    | { readonly kind: 'unchecked'; readonly reasons: readonly string[] };
}

/** Undefined for what has not the shape of our ids. The keys are those of the first region that gives them. */
export async function identify(transactionId: string, deployment: Deployment): Promise<CheckedIdentity | undefined> {
  const claims = readTransactionId(transactionId);
  return claims && { ...claims, signature: await checkSignature(transactionId, deployment) };
}

async function checkSignature(transactionId: string, deployment: Deployment): Promise<CheckedIdentity['signature']> {
  const reasons: string[] = [];
  for (const region of deployment.regions) {
    const vault = openKeyVault(deployment, region);
    const answer = await vault.read();
    vault.close();
    if (answer.kind === 'failed') reasons.push(`${region}: ${answer.reason}`);
    else if (answer.value.kind === 'missing') reasons.push(`${region}: there are no keys`);
    else
      return { kind: verifyTransactionId(transactionId, answer.value.secret).kind === 'valid' ? 'valid' : 'invalid' };
  }
  return { kind: 'unchecked', reasons };
}
