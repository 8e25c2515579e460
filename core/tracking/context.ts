import type { Catalog } from '../catalog/catalog.ts';
import type { Privacy } from '../event/privacy.ts';
import type { SigningKeys } from '../event/transaction-id.ts';
import type { Random } from '../ports.ts';

/** What a decision depends on besides the request: the same request in the same context is decided the same way. */
export interface TrackContext {
  readonly catalog: Catalog;
  readonly nowMs: number;
  readonly random: Random;
  /** The region that this runs in, for example `us-east-1`. */
  readonly region: string;
  readonly keys: SigningKeys;
  readonly privacy: Privacy;
}
