import {
  type DaySum,
  encodeSumsIndex,
  type MonthSum,
  noSums,
  parseSumsIndex,
  type SumsIndex,
  sumsIndexKey,
} from '../../core/ledger/sums.ts';
import { limits } from '../../core/limits/limits.ts';
import { type FoldRun, LeftToNextRun } from '../fold/run.ts';

/** The index of sums (core/ledger/sums.ts) in the hands of one run, which reads it once. */
export class SumsBook {
  readonly #run: FoldRun;
  readonly #timeZone: string;
  #held: { readonly index: SumsIndex; readonly etag?: string } | undefined;

  constructor(run: FoldRun, timeZone: string) {
    this.#run = run;
    this.#timeZone = timeZone;
  }

  async index(): Promise<SumsIndex> {
    this.#held ??= await this.#read();
    return this.#held.index;
  }

  async setDay(day: string, sum: DaySum): Promise<void> {
    await this.#change(({ days, ...index }) => ({ ...index, days: { ...days, [day]: sum } }));
  }

  /** Later changes of earlier days no longer concern the day. */
  async forgetEarlier(day: string): Promise<void> {
    const { earlier: _, ...rest } = (await this.index()).days[day] ?? {};
    await this.setDay(day, rest);
  }

  async setMonth(month: string, sum: MonthSum): Promise<void> {
    await this.#change(({ months, ...index }) => ({ ...index, months: { ...months, [month]: sum } }));
  }

  /** Looks again when another run was faster. */
  async #change(change: (index: SumsIndex) => SumsIndex): Promise<void> {
    for (let attempt = 1; attempt <= limits.ledger.attemptsMax; attempt += 1) {
      this.#held ??= await this.#read();
      const changed = change(this.#held.index);
      const isInForce = await this.#run.swap(sumsIndexKey, encodeSumsIndex(changed), this.#held.etag);
      // The etag of what was written is not known, so a later change reads the index again.
      this.#held = undefined;
      if (isInForce) return;
    }
    throw new LeftToNextRun('other runs change the sums all the time');
  }

  /** Days of another time zone say nothing. */
  async #read() {
    const object = await this.#run.find(sumsIndexKey);
    if (object === undefined) return { index: noSums(this.#timeZone) };
    const index = parseSumsIndex(object.body);
    if (index === undefined) throw new LeftToNextRun(`${sumsIndexKey} cannot be understood`);
    return { index: index.timeZone === this.#timeZone ? index : noSums(this.#timeZone), etag: object.etag };
  }
}
