import type { CloudState } from '../../local/handle.ts';
import type { PlayedFault } from '../faults/fault-windows.ts';
import type { PlantedObject } from '../faults/planted-object.ts';
import type { PlayedStep } from '../faults/steps.ts';
import type { SentRecord } from '../load/sent-record.ts';
import type { FiguresByRow } from '../oracle/expected-figures.ts';
import type { RegionFigures } from './final-figures.ts';
import type { FunctionLine } from './function-lines.ts';
import type { LogView } from './log-view.ts';
import type { NameTarget } from './observe-name.ts';
import type { QueueView } from './queue-view.ts';
import type { ReconcileOutcome } from './reconcile.ts';
import type { Settlement } from './settle.ts';

/** Everything that the audit judges by, taken at one moment after healing. The checks read this and nothing else. */
export interface Evidence {
  readonly records: readonly SentRecord[];
  /** One for each region. */
  readonly logs: readonly LogView[];
  /** Queues of both regions that are not empty. */
  readonly queues: readonly QueueView[];
  /** Lines of both regions' functions that carry an event whole. */
  readonly functionLines: readonly FunctionLine[];
  readonly faults: readonly PlayedFault[];
  readonly steps: readonly PlayedStep[];
  /** Where the tracking name led, with `sinceMs` counted from the beginning of the load, like all moments here. */
  readonly nameTargets: readonly NameTarget[];
  /** What was put into the logs that is no segment, or none any more. */
  readonly plants: readonly PlantedObject[];
  /** One for each region: what its table says after its ledger was asked. */
  readonly figures: readonly RegionFigures[];
  /** What they have to say, by the drill's own count. */
  readonly expected: FiguresByRow;
  /** Why a ledger did not do what it was asked for, one line each. */
  readonly ledgerProblems: readonly string[];
  /** What `keeptrack reconcile` said afterwards. */
  readonly reconciled: readonly ReconcileOutcome[];
  /** When all was gathered but for what `reconcile` did. */
  readonly state: CloudState;
  /** When all was delivered, before the drill had the ledgers do anything. */
  readonly settledState: CloudState;
  readonly settlement: Settlement;
}

/** Judges one invariant; each line says what broke and begins with the invariant's number. */
export type DrillCheck = (evidence: Evidence) => readonly string[];
