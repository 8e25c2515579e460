import type { Command } from 'commander';
import {
  encodeHealthBook,
  type HealthBook,
  healthKey,
  isSuspended,
  joinedBooks,
  parseHealthBook,
  resumed,
} from '../../../core/postbacks/suspension.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { changeCopies, PostbacksFailure, readHealthBooks } from '../../clients/postback-objects.ts';
import { parsePostbackId, withPostbacks } from './postbacks-task.ts';

export function addPostbackResume(parent: Command, shell: Shell): void {
  const notes = helpNotes(
    ['postbacks resume 12'],
    'Conversions that came while it was suspended are not sent by this. Send them with "postbacks retry".',
  );
  parent
    .command('resume')
    .description('let a suspended postback be sent again from now on')
    .argument('<postback>', 'its id in the catalog')
    .addHelpText('after', notes)
    .action((id: string, _: unknown, command: Command) => resume(id, command.optsWithGlobals<GlobalOptions>(), shell));
}

async function resume(text: string, options: GlobalOptions, shell: Shell): Promise<void> {
  const id = parsePostbackId(text);
  if (id === undefined) return refuse(shell, `${text}: is no id of a postback`);
  await withPostbacks(options, shell, async ({ buckets, catalog }) => {
    if (!catalog.postbacks.has(id)) return refuse(shell, `${id}: the catalog has no such postback`);
    const book = await readHealthBooks(buckets);
    const health = book.get(id);
    if (health === undefined || !isSuspended(health)) return refuse(shell, `postback ${id} is not suspended`);
    const again = new Map(book).set(id, resumed(health, shell.clock.nowMs()));
    const change = (before: HealthBook = new Map()) => joinedBooks(before, again);
    const form = { key: healthKey, encode: encodeHealthBook, parse: parseHealthBook };
    const { isTaken, failed } = await changeCopies<HealthBook>(buckets, { ...form, change }, shell.clock);
    if (!isTaken) throw new PostbacksFailure(`no region takes the change (${failed.join('; ')})`);
    if (options.json) shell.out(JSON.stringify({ resumed: id, failed }, null, 2));
    else shell.out(`postback ${id} is sent again from now on`);
    for (const reason of failed) shell.progress(`${reason}: this region learns it from the other one`);
  });
}
