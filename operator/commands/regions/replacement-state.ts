import { z } from 'zod';
import { answerText, isOvertaken } from '../../../core/call-outcome.ts';
import { parseJson } from '../../../core/parse-json.ts';
import type { Answer, StoredObject } from '../../../core/ports.ts';
import { type IndexPlace, indexBeginning } from './copy-index.ts';
import { type Replacement, ReplacementFailure } from './replacement.ts';

/** In the bucket of the region that is filled: how far the steps are that no listing tells. */
const stateKey = 'regions/replacement.json';

export interface ReplacementState {
  /** When the first run began, ms since the epoch. */
  readonly begunAtMs: number;
  /** The figures of all hours that were final are copied. From then on the region makes its figures itself. */
  readonly hasFigures: boolean;
  readonly index: IndexPlace;
  /** Hours that were folded before the index was whole are made anew. */
  readonly hasOpenHours: boolean;
}

const part = z.union([z.enum(['begin', 'done']), z.record(z.string(), z.object({ S: z.string() }))]);
const shape = z.object({
  v: z.literal(1),
  from: z.string(),
  begunAtMs: z.number(),
  hasFigures: z.boolean(),
  index: z.object({ parts: z.array(part).min(1), items: z.number() }),
  hasOpenHours: z.boolean(),
});

/** When the survivor was begun to be filled from the region that is to be filled now. Undefined as a rule: it never was. */
export async function survivorBegunAtMs(run: Replacement): Promise<number | undefined> {
  const object = await run.read(run.survivor, stateKey);
  const state = object && parsedState(object);
  return state?.from === run.fresh.region ? state.begunAtMs : undefined;
}

function parsedState({ body }: StoredObject): z.infer<typeof shape> | undefined {
  return shape.safeParse(parseJson(Buffer.from(body).toString())).data;
}

/** Reads and writes the state. Two runs at once would undo each other's notes, so the second one ends. */
export class KeptState {
  readonly #run: Replacement;
  #etag: string | undefined;
  state: ReplacementState;

  constructor(run: Replacement) {
    this.#run = run;
    this.state = { begunAtMs: run.clock.nowMs(), hasFigures: false, index: indexBeginning, hasOpenHours: false };
  }

  /** Gives whether an earlier run began to fill this region. */
  async read(): Promise<boolean> {
    const { fresh, survivor } = this.#run;
    const object = await this.#run.read(fresh, stateKey);
    if (object === undefined) return false;
    const parsed = parsedState(object);
    if (parsed?.from !== survivor.region) {
      throw new ReplacementFailure(`${fresh.bucketName}/${stateKey} cannot be understood, or is about another region`);
    }
    this.#etag = object.etag;
    this.state = parsed as ReplacementState;
    return true;
  }

  async keep(change: Partial<ReplacementState>): Promise<void> {
    this.state = { ...this.state, ...change };
    const { survivor } = this.#run;
    const body = Buffer.from(JSON.stringify({ ...this.state, v: 1, from: survivor.region }));
    const written = await this.#run.replace(stateKey, body, this.#etag);
    this.#etag = written.kind === 'ok' ? written.value : await this.#etagOfOwn(body, written.answer);
  }

  /** When an answer is lost, the SDK sends the call again, and then finds what it has written itself. */
  async #etagOfOwn(body: Uint8Array, answer: Answer): Promise<string> {
    const { fresh } = this.#run;
    const object = isOvertaken(answer) ? await this.#run.read(fresh, stateKey) : undefined;
    if (object && Buffer.from(object.body).equals(body)) return object.etag;
    const why = isOvertaken(answer) ? 'another run of this command has changed it' : answerText(answer);
    throw new ReplacementFailure(`${fresh.bucketName}/${stateKey} was not written (${why})`);
  }
}
