import type { Command } from 'commander';
import type { Advertiser } from '../../../core/catalog/catalog.ts';
import type { KeySecret } from '../../../core/keys/key-rotation.ts';
import { firstPostbackKeys, postbackKey } from '../../../core/keys/postback-key.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { openKeyVault } from '../../clients/key-vault.ts';
import { currentCatalog } from '../smoke/current-catalog.ts';

interface KeyOptions extends GlobalOptions {
  readonly previous?: true;
}

export function addAdvertisers(program: Command, shell: Shell): void {
  const notes = helpNotes(
    ['advertisers key 7', 'advertisers key 7 --previous'],
    'The key alone goes to the standard output. It is a secret: whoever has it can report conversions of the advertiser.',
  );
  program
    .command('advertisers')
    .description('print the keys of advertisers')
    .addHelpText('after', notes)
    .command('key')
    .description('print the key with which an advertiser signs its postbacks')
    .argument('<id>', "the advertiser's id in the catalog")
    .option('--previous', 'the key from before the rotation of the signing keys that is under way')
    .addHelpText('after', notes)
    .action((id: string, _options: unknown, command: Command) =>
      printKey(id, command.optsWithGlobals<KeyOptions>(), shell),
    );
}

async function printKey(idText: string, options: KeyOptions, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  const catalog = deployment && (await currentCatalog(deployment, options.config, shell));
  if (!catalog) return;
  const advertiser = catalog.advertisers.get(Number(idText));
  if (advertiser === undefined) return refuse(shell, `the catalog has no advertiser ${idText}`);
  if (advertiser.signed_postbacks !== true)
    return refuse(
      shell,
      `advertiser ${advertiser.id} has no signed_postbacks: true in the catalog, so no signature of it counts`,
    );
  const secret = await readSecret(deployment, shell);
  if (!secret) return;
  // The key that is accepted before it signs may not be in both regions yet.
  if (options.previous && secret.step !== 'sign')
    return refuse(shell, 'there is no previous key: no rotation of the signing keys is between --sign and --retire');
  tell(advertiser, options.previous ? secret.accepted : secret.signing, options, shell);
}

/** The keys that the functions run with, from the first region that answers: both have the same. */
async function readSecret(deployment: Deployment, shell: Shell): Promise<KeySecret | undefined> {
  for (const region of deployment.regions) {
    const vault = openKeyVault(deployment, region);
    const answer = await vault.read(deployment.config.signingKeysVersion);
    vault.close();
    if (answer.kind === 'ok' && answer.value.kind === 'held') return answer.value.secret;
    shell.error(
      `${region}: its signing keys cannot be read (${answer.kind === 'failed' ? answer.reason : 'it has none'})`,
    );
  }
  shell.exitWith(1);
  return undefined;
}

function tell(
  { id, name, postback_keys: numbers = firstPostbackKeys }: Advertiser,
  signingKey: string,
  { json }: KeyOptions,
  shell: Shell,
): void {
  const number = Math.max(...numbers);
  const key = postbackKey(signingKey, id, number);
  if (json) {
    shell.out(JSON.stringify({ advertiserId: id, number, key }));
    return;
  }
  shell.progress(
    `key ${number} of advertiser ${id}, ${name}: a secret, so hand it over as one (docs/links.md#signatures)`,
  );
  shell.out(key);
}
