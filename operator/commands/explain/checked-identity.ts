import { type ClickIdentity, readTransactionId, verifyTransactionId } from '../../../core/event/transaction-id.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { openKeyVault } from '../../clients/key-vault.ts';

/** The content of a transaction id, and whether its signature is valid. */
export interface CheckedIdentity extends ClickIdentity {
  readonly signature:
    | { readonly kind: 'valid' }
    /** No key that is accepted now signed it: the id is forged, or its key is retired. */
    | { readonly kind: 'invalid' }
    /** The keys of neither region could be read. */
    | { readonly kind: 'unchecked'; readonly reasons: readonly string[] };
}

/** Undefined when the text is no transaction id. Uses the keys of the first region that answers. */
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
