import {
  isRotated,
  isSameSecret,
  type KeySecret,
  newKeySecret,
  nextStep,
  type RotationStep,
  rotated,
  rotationSteps,
} from './key-rotation.ts';

/**
 * Decides which region gets which version of the signing keys, from the versions that both regions hold. Running the
 * same command again completes one that failed half way.
 */

/** The current version of a region's secret. */
export type HeldKeys =
  | { readonly kind: 'held'; readonly versionId: string; readonly secret: KeySecret }
  | { readonly kind: 'missing' };

export interface RegionKeys {
  readonly region: string;
  readonly held: HeldKeys;
}

export interface NewVersion {
  readonly versionId: string;
  readonly secret: KeySecret;
}

export type KeyPlan =
  /**
   * Write into each region of `to`, then put the version into the config. An empty `to`: only the config is outdated.
   */
  | ({ readonly kind: 'write'; readonly to: readonly RegionKeys[] } & NewVersion)
  | { readonly kind: 'refused'; readonly reason: string };

export interface FreshKey {
  /** Hex. */
  readonly key: string;
  readonly versionId: string;
}

type Both = readonly [RegionKeys, RegionKeys];
type Held = Extract<HeldKeys, { kind: 'held' }>;

/** Plans the first keys. `configVersion` is the version in the config. */
export function planCreation(both: Both, configVersion: string | undefined, fresh: FreshKey): KeyPlan {
  const [{ held: first }, { held: second }] = both;
  if (first.kind === 'missing' && second.kind === 'missing') {
    return { kind: 'write', to: both, versionId: fresh.versionId, secret: newKeySecret(fresh.key) };
  }
  if (first.kind === 'held' && second.kind === 'held') return planAlreadyThere(first, second, configVersion);
  const existing = first.kind === 'held' ? first : second;
  return existing.kind === 'held' ? copy(existing, both) : refused(differing);
}

/** Completes a creation that ended before the config was written. Refuses any other, because the keys exist. */
function planAlreadyThere(first: Held, second: Held, configVersion: string | undefined): KeyPlan {
  if (!isSameVersion(first, second)) return refused(differing);
  if (configVersion === first.versionId) {
    return refused(
      'both regions already have signing keys: use keys rotate to replace them without refusing conversions',
    );
  }
  return { kind: 'write', to: [], versionId: first.versionId, secret: first.secret };
}

/** Plans one step of a rotation. */
export function planRotation(
  both: Both,
  step: RotationStep,
  configVersion: string | undefined,
  fresh: FreshKey,
): KeyPlan {
  const state = keysStateOf(both);
  if (state.kind === 'even') return planStep(both, state, step, configVersion, fresh);
  const [{ held: first }, { held: second }] = both;
  if (first.kind === 'held' && second.kind === 'held') {
    if (isRotated(first.secret, second.secret, step)) return copy(second, both);
    if (isRotated(second.secret, first.secret, step)) return copy(first, both);
  }
  return state;
}

export type KeysState =
  | { readonly kind: 'even'; readonly versionId: string; readonly secret: KeySecret }
  | { readonly kind: 'refused'; readonly reason: string };

/** The state of the keys: `even` when both regions hold the same version, else why they do not. */
export function keysStateOf([{ held: first }, { held: second }]: Both): KeysState {
  if (first.kind === 'missing' || second.kind === 'missing') return refused(notCreated);
  if (!isSameVersion(first, second)) return refused(unfinished(first.secret, second.secret) ?? differing);
  return { kind: 'even', versionId: first.versionId, secret: first.secret };
}

function planStep(
  both: Both,
  { versionId, secret }: Extract<KeysState, { kind: 'even' }>,
  step: RotationStep,
  configVersion: string | undefined,
  fresh: FreshKey,
): KeyPlan {
  if (secret.step === step && configVersion !== versionId) return { kind: 'write', to: [], versionId, secret };
  const next = nextStep(secret);
  if (next !== step)
    return refused(`the next step is --${next}: take the steps in order, and deploy both regions after each`);
  return { kind: 'write', to: both, versionId: fresh.versionId, secret: rotated(secret, step, fresh.key) };
}

/** Both regions use one version id, because the config names one for both. */
function isSameVersion(first: Held, second: Held): boolean {
  return first.versionId === second.versionId && isSameSecret(first.secret, second.secret);
}

function copy({ versionId, secret }: Held, to: readonly RegionKeys[]): KeyPlan {
  return { kind: 'write', to: to.filter(({ held }) => !isVersion(held, versionId)), versionId, secret };
}

function isVersion(held: HeldKeys, versionId: string): boolean {
  return held.kind === 'held' && held.versionId === versionId;
}

function unfinished(first: KeySecret, second: KeySecret): string | undefined {
  const step = rotationSteps.find((one) => isRotated(first, second, one) || isRotated(second, first, one));
  return step && `the last step reached only one region: run keys rotate --${step} again first`;
}

const notCreated = 'a region has no signing keys: run keys create first';
const differing =
  'the regions hold different keys or versions, so a region may not accept what the other one signs: put the keys of ' +
  'one region into the other under the same version id (docs/keys.md)';

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}
