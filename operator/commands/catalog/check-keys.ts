import type { CatalogContent } from '../../../core/catalog/catalog.ts';
import { longestSessionHours } from '../../../core/catalog/longest-session.ts';
import { keyRetiredTooEarly } from '../../../core/keys/retired-key.ts';
import { utcText } from '../../cli/format.ts';
import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { openKeyVault } from '../../clients/key-vault.ts';

/**
 * A warning when a signing key was retired before the longest session of its clicks was over. Prints a note for a
 * region whose keys cannot be read, and asks the next one: both hold the same keys.
 */
export async function keyWarnings(
  content: CatalogContent,
  deployment: Deployment,
  { clock, progress }: Shell,
): Promise<readonly string[]> {
  for (const region of deployment.regions) {
    const vault = openKeyVault(deployment, region);
    const [current, previous] = await Promise.all([vault.read(), vault.previous()]);
    vault.close();
    if (current.kind === 'failed' || previous.kind === 'failed') {
      const [reason] = [current, previous].flatMap((answer) => (answer.kind === 'failed' ? [answer.reason] : []));
      progress(`${region}: its signing keys were not checked (${reason})`);
      continue;
    }
    const hours = longestSessionHours(content);
    const retired = keyRetiredTooEarly(current.value, previous.value, {
      ...{ sessionMs: hours * 3_600_000, nowMs: clock.nowMs() },
    });
    if (retired === undefined) return [];
    const [signed, at] = [utcText(retired.signedUntilMs), utcText(retired.retiredAtMs)];
    return [
      `signing keys: the key of the clicks until ${signed} was retired at ${at}, so their conversions are rejected, although sessions last up to ${hours} h`,
    ];
  }
  return [];
}
