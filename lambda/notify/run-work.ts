import type { Attempt } from '../../core/postbacks/attempt-event.ts';
import type { HealthBook } from '../../core/postbacks/suspension.ts';
import type { FindFacts } from './find-facts.ts';
import type { HostLanes } from './host-lanes.ts';
import type { NotifyRun } from './notify-run.ts';
import type { PostbackRules } from './read-catalog.ts';

/** What the work on all minutes of one run shares. */
export interface RunWork {
  readonly run: NotifyRun;
  readonly rules: PostbackRules;
  readonly lanes: HostLanes;
  readonly findFacts: FindFacts;
  /** How long this region leaves a postback to the other one, in ms. */
  readonly patienceMs: number;
  readonly health: HealthBook;
  /** Takes attempts that ended. Ends when a queue or the function's log has their events. */
  readonly tell: (attempts: readonly Attempt[]) => Promise<void>;
}
