import type { KeyPlan, RegionKeys } from '../../core/keys/key-plan.ts';
import type { Shell } from '../cli/shell.ts';
import type { Deployment } from './deployment.ts';
import { type KeyVault, openKeyVault } from './key-vault.ts';

/** The signing-key secrets of both regions. No command changes one of them alone. */
export interface BothVaults {
  /**
   * Prints which region does not answer, and then gives undefined: a command must know both secrets before it writes.
   */
  read(): Promise<readonly [RegionKeys, RegionKeys] | undefined>;
  /** Whether every region of the plan took the version. Prints each region that did not. */
  write(plan: Extract<KeyPlan, { kind: 'write' }>): Promise<boolean>;
  close(): void;
}

export function openBothVaults(deployment: Deployment, shell: Shell): BothVaults {
  const [first, second] = deployment.regions.map((region) => ({ region, vault: openKeyVault(deployment, region) })) as [
    Opened,
    Opened,
  ];
  return {
    async read() {
      const [one, other] = await Promise.all([readOne(first, shell), readOne(second, shell)]);
      if (one && other) return [one, other];
      shell.error('Nothing was changed: run the same command again when both regions answer.');
      shell.exitWith(1);
      return undefined;
    },
    async write(plan) {
      const written = await Promise.all(
        plan.to.map(async (keys) => {
          const { vault } = keys.region === first.region ? first : second;
          const answer = await vault.write(keys.held.kind === 'missing', plan);
          if (answer.kind === 'failed') shell.error(`${keys.region}: version not written (${answer.reason})`);
          return answer.kind === 'ok';
        }),
      );
      if (written.every(Boolean)) return true;
      shell.error('Deploy nothing yet. Run the same command again: it completes this version.');
      shell.exitWith(1);
      return false;
    },
    close() {
      first.vault.close();
      second.vault.close();
    },
  };
}

interface Opened {
  readonly region: string;
  readonly vault: KeyVault;
}

async function readOne({ region, vault }: Opened, shell: Shell): Promise<RegionKeys | undefined> {
  const answer = await vault.read();
  if (answer.kind === 'ok') return { region, held: answer.value };
  shell.error(`${region}: its signing keys cannot be read (${answer.reason})`);
  return undefined;
}
