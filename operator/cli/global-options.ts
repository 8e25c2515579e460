import { type Command, InvalidArgumentError } from 'commander';

/** Options of every command. They stand before or after the command's own arguments. */
export interface GlobalOptions {
  /** Path of the deploy config. */
  readonly config: string;
  /** Origin of the local cloud's console; absent = operate AWS. */
  readonly local?: string;
  readonly json?: true;
}

const usualConsole = 'http://127.0.0.1:8088';
const webAddress = /^https?:\/\/[^/]/;

export function addGlobalOptions(program: Command): void {
  program
    .option('--config <file>', 'config file of the deployment', 'keeptrack.config.json')
    .option(
      '--local [console-url]',
      `operate the local cloud instead of AWS (URL of its console; usually ${usualConsole})`,
      origin,
    )
    .option('--json', 'print the result as JSON');
}

/**
 * Commander would take `status` in `--local status` for the console's address. Only a web address belongs to the
 * option.
 */
export function withConsoleAddress(args: readonly string[]): string[] {
  return args.map((argument, index) =>
    argument === '--local' && !webAddress.test(args[index + 1] ?? '') ? `--local=${usualConsole}` : argument,
  );
}

function origin(text: string): string {
  if (webAddress.test(text) && URL.canParse(text)) return new URL(text).origin;
  throw new InvalidArgumentError(`Give an http or https URL such as ${usualConsole}.`);
}
