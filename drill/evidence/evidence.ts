import type { CloudState } from '../../local/handle.ts';
import type { PlayedFault } from '../faults/fault-windows.ts';
import type { PlantedObject } from '../faults/planted-object.ts';
import type { PlayedStep } from '../faults/steps.ts';
import type { SentRecord } from '../load/sent-record.ts';
import type { FiguresByRow } from '../oracle/expected-figures.ts';
import type { DuePostback } from '../oracle/expected-postbacks.ts';
import type { FunctionLine } from './function-lines.ts';
import type { LateClicks } from './late-clicks.ts';
import type { LogView } from './log-view.ts';
import type { NameTarget } from './observe-name.ts';
import type { QueueView } from './queue-view.ts';
import type { ReceivedPostback } from './received.ts';
import type { ReconcileOutcome } from './reconcile.ts';
import type { RegionFigures } from './region-figures.ts';
import type { Settlement } from './settle.ts';

/** Everything that the checks read. The drill gathers it after healing, when the cloud has settled. */
export interface Evidence {
  readonly records: readonly SentRecord[];
  /** One for each region. */
  readonly logs: readonly LogView[];
  /** All queues of both regions that are not empty. */
  readonly queues: readonly QueueView[];
  /** Log lines of both regions' functions that carry a whole event. */
  readonly functionLines: readonly FunctionLine[];
  readonly faults: readonly PlayedFault[];
  readonly steps: readonly PlayedStep[];
  /** Where the tracking name led. Moments count from the beginning of the load, like all moments here. */
  readonly nameTargets: readonly NameTarget[];
  /** Objects that the drill itself put into the logs. */
  readonly plants: readonly PlantedObject[];
  /** One for each region: its provisional figures, before the drill asked its ledger. */
  readonly provisional: readonly RegionFigures[];
  /** One for each region: its final figures, after its ledger was asked. */
  readonly figures: readonly RegionFigures[];
  /** The final figures that each region must have, by the drill's own count. */
  readonly expected: FiguresByRow;
  /** The same without the events of hours that are too old for provisional figures. */
  readonly expectedSoon: FiguresByRow;
  /** What partners must get, by the drill's own count, and what they got. */
  readonly postbacks: readonly DuePostback[];
  readonly received: readonly ReceivedPostback[];
  /** One line for each ledger that did not do what it was asked for. */
  readonly ledgerProblems: readonly string[];
  /** Of every cap that was used up. Empty unless the scenario has a catalog of its own. */
  readonly lateClicks: readonly LateClicks[];
  /** The outcomes of `keeptrack reconcile`, which runs last. */
  readonly reconciled: readonly ReconcileOutcome[];
  /** After everything else was gathered, but before `reconcile` made its calls. */
  readonly state: CloudState;
  /** When everything was delivered, before the drill asked the ledgers. */
  readonly settledState: CloudState;
  readonly settlement: Settlement;
}

/** Checks one invariant. Each line names one violation and begins with the invariant's number. */
export type DrillCheck = (evidence: Evidence) => readonly string[];
