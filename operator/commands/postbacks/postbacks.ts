import type { Command } from 'commander';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { addPostbackList } from './list.ts';
import { addPostbackResume } from './resume.ts';
import { addPostbackRetry } from './retry.ts';
import { addPostbackShow } from './show.ts';
import { addPostbackTest } from './test-url.ts';

export function addPostbacks(program: Command, shell: Shell): void {
  const postbacks = program
    .command('postbacks')
    .description('see, repeat and try out the postbacks that tell affiliates of conversions')
    .addHelpText(
      'after',
      helpNotes(['postbacks list', "postbacks test 'https://partner.example/p?click={aff_click_id}'"]),
    );
  addPostbackList(postbacks, shell);
  addPostbackShow(postbacks, shell);
  addPostbackRetry(postbacks, shell);
  addPostbackResume(postbacks, shell);
  addPostbackTest(postbacks, shell);
}
