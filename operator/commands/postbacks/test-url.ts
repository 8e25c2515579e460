import { type Command, Option } from 'commander';
import {
  type Postback,
  type PostbackStanding,
  postbackMethods,
  postbackStandings,
} from '../../../core/catalog/catalog.ts';
import { postbackWarnings } from '../../../core/catalog/postback-rules.ts';
import { postbackUrlProblem } from '../../../core/catalog/postback-url.ts';
import { limits } from '../../../core/limits/limits.ts';
import { expandPostback } from '../../../core/postbacks/expand-postback.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { exampleFiring, exampleNames } from './example-firing.ts';
import { outcomeText } from './outcome-text.ts';

interface TestOptions extends GlobalOptions {
  readonly method: Postback['method'];
  readonly standing: PostbackStanding;
}

export function addPostbackTest(parent: Command, shell: Shell): void {
  const notes = helpNotes(
    [
      "postbacks test 'https://partner.example/p?click={aff_click_id}&amount={payout}'",
      "postbacks test 'https://partner.example/p?click={aff_click_id}' --method POST --standing reversed",
    ],
    'The partner gets values that begin with "example". No conversion fires, and no event is recorded.',
    'Write the URL in quotation marks, because shells give a meaning to & and {}.',
    'Exit codes: 0 delivered (HTTP 2xx); 1 failed or not sent; 2 the catalog would refuse the URL.',
  );
  parent
    .command('test')
    .description('send one postback with example values from this machine, and say how the partner answers')
    .argument('<url>', 'the URL with its macros, as in the catalog')
    .addOption(new Option('--method <method>', 'the method').choices([...postbackMethods]).default('GET'))
    .addOption(
      new Option('--standing <standing>', 'the value of {status}').choices([...postbackStandings]).default('approved'),
    )
    .addHelpText('after', notes)
    .action((url: string, _options: unknown, command: Command) =>
      testUrl(url, command.optsWithGlobals<TestOptions>(), shell),
    );
}

async function testUrl(url: string, { method, standing, json }: TestOptions, shell: Shell): Promise<void> {
  const problem = postbackUrlProblem(url);
  if (problem) return refuse(shell, `the URL ${problem}`);
  for (const warning of postbackWarnings([{ path: '', id: 0, fields: { url, on: [standing] } }]))
    shell.error(`warning: ${warning.slice(1)}`);
  const request = expandPostback({ url, method }, exampleFiring(standing, shell.clock.nowMs()), exampleNames);
  const sender = shell.openSender();
  const outcome = await sender.send(request, limits.sending.attemptMs);
  sender.close();
  if (json) shell.out(JSON.stringify({ request, outcome }, null, 2));
  else {
    shell.out(`${request.method} ${request.url}`);
    if (request.body !== undefined) shell.out(`form: ${request.body}`);
    shell.out(outcomeText(outcome));
  }
  if (outcome.kind !== 'delivered') shell.exitWith(1);
}
