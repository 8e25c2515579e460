import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operate } from '../operate.ts';
import type { OperatorWord } from './operator-words.ts';

/** Runs the operator's commands that change money, with a key and with files of its own. */
export class OperatorDesk {
  readonly #operate: Operate;
  readonly #console: string;
  #folder: string | undefined;
  #files = 0;

  constructor(operate: Operate, console: string) {
    this.#operate = operate;
    this.#console = console;
  }

  /** Makes the key, in a new folder. Throws when the command fails. */
  async open(): Promise<void> {
    this.#folder = mkdtempSync(join(tmpdir(), 'keeptrack-drill-'));
    const errors = await this.#run(['operators', 'add', 'drill', '--key-file', this.#keyFile]);
    if (errors.length > 0) throw new Error(errors.join('; '));
  }

  /** Says the words of one kind, `times` times with the same file. Returns the error lines. */
  async say(words: readonly OperatorWord[], times: number): Promise<readonly string[]> {
    const [word] = words;
    if (word === undefined) return ['there is nothing to say'];
    const file = this.#write(word.type === 'decision' ? decisionsCsv(words) : adjustmentsCsv(words));
    const command = word.type === 'decision' ? ['conversions', word.verdict] : ['adjustments', 'add'];
    const errors: string[] = [];
    for (let time = 0; time < times && errors.length === 0; time += 1)
      errors.push(...(await this.#run([...command, '--file', file, '--yes', '--key-file', this.#keyFile])));
    return errors;
  }

  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true });
  }

  get #keyFile(): string {
    return join(this.#folder ?? '', 'operator.json');
  }

  #write(text: string): string {
    this.#files += 1;
    const file = join(this.#folder ?? '', `${this.#files}.csv`);
    writeFileSync(file, text);
    return file;
  }

  async #run(args: readonly string[]): Promise<readonly string[]> {
    const { exitCode, errors } = await this.#operate([...args, '--local', this.#console]);
    if (exitCode === 0) return [];
    return [`"keeptrack ${args.slice(0, 2).join(' ')}" ended with ${exitCode}`, ...errors];
  }
}

function decisionsCsv(words: readonly OperatorWord[]): string {
  const rows = words.flatMap((word) => (word.type === 'decision' ? [[word.reportId, word.amount]] : []));
  return csv([['conversion', 'amount'], ...rows]);
}

function adjustmentsCsv(words: readonly OperatorWord[]): string {
  const rows = words.flatMap((word) => {
    if (word.type !== 'adjustment') return [];
    const { reference, day, offerId, affiliateId, goalId, currency, payout, revenue } = word;
    const goal = goalId === 0 ? '' : `${goalId}`;
    return [[reference, day, `${offerId}`, `${affiliateId}`, goal, currency, payout, revenue, 'drill']];
  });
  const ids = ['offer_id', 'affiliate_id', 'goal_id'];
  return csv([['reference', 'day', ...ids, 'currency', 'payout', 'revenue', 'note'], ...rows]);
}

/** No value here holds a comma or a quote. */
function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.join(',')}\n`).join('');
}
