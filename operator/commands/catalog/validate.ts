import type { Command } from 'commander';
import type { CatalogContent } from '../../../core/catalog/catalog.ts';
import { makeSnapshot } from '../../../core/catalog/snapshot.ts';
import { counted } from '../../cli/counted.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import type { Shell } from '../../cli/shell.ts';
import { readCatalogFile } from './catalog-file.ts';

export function addCatalogValidate(parent: Command, shell: Shell): void {
  parent
    .command('validate')
    .description('check a catalog file and name every problem (exit code 2 when there is one)')
    .argument('<file>', 'catalog in YAML')
    .action((file: string, _options: unknown, command: Command) => {
      const content = readCatalogFile(file, shell);
      if (!content) return;
      const { version } = makeSnapshot(content);
      if (command.optsWithGlobals<GlobalOptions>().json) shell.out(JSON.stringify({ file, version }, null, 2));
      else shell.out(`${file}: valid, version ${version}, ${summary(content)}`);
    });
}

function summary({ offers, affiliates, advertisers, creatives }: CatalogContent): string {
  return [
    counted(offers.length, 'offer'),
    counted(affiliates.length, 'affiliate'),
    counted(advertisers.length, 'advertiser'),
    counted(creatives.length, 'creative'),
  ].join(', ');
}
