import { randomBytes, randomUUID } from 'node:crypto';
import { encodeKeySecret, newKeySecret } from '../core/keys/key-rotation.ts';
import { type Secret, SecretStore, type SecretWorld, versionOf } from './model/secret-store.ts';
import { Refusal } from './template/refusal.ts';
import type { ResolveSecret, SecretPlace } from './template/stack.ts';

export type KeptSecrets = Readonly<Record<string, readonly Secret[]>>;

export interface Secrets {
  /** A region without secrets has an empty store. */
  storeOf(region: string): SecretStore;
  /** Resolves the dynamic references of templates. */
  readonly resolve: ResolveSecret;
  snapshot(): KeptSecrets;
}

/**
 * A fresh cloud already has signing keys, so that people can try it at once. They are the same in every region and
 * under every version that a template names. A cloud that continues with data of an earlier run has only that data, as
 * AWS would.
 */
export function openSecrets(world: SecretWorld, kept: KeptSecrets | undefined): Secrets {
  const stores = new Map(Object.entries(kept ?? {}).map(([region, held]) => [region, new SecretStore(world, held)]));
  const firstKeys = encodeKeySecret(newKeySecret(randomBytes(32).toString('hex')));
  const firstVersionId = randomUUID();

  function storeOf(region: string): SecretStore {
    const store = stores.get(region) ?? new SecretStore(world);
    stores.set(region, store);
    return store;
  }

  /** The secret that a template names. A fresh cloud makes it now. */
  function secretNamed(name: string, { region, versionId = firstVersionId }: SecretPlace): Secret | undefined {
    const store = storeOf(region);
    const isFresh = kept === undefined && name.endsWith('/signing-keys');
    if (isFresh && store.create(name, firstKeys, versionId).kind === 'exists') store.put(name, firstKeys, versionId);
    return store.find(name);
  }

  return {
    storeOf,
    resolve(name, jsonKey, place) {
      const secret = secretNamed(name, place);
      const text = secret && versionOf(secret, place.versionId ?? secret.current)?.text;
      const value = text === undefined ? undefined : valueUnder(jsonKey, text);
      if (value === undefined) throw new Refusal(missing(name, jsonKey, place));
      return value;
    },
    snapshot: () => Object.fromEntries([...stores].map(([region, store]) => [region, store.snapshot()])),
  };
}

function valueUnder(jsonKey: string, text: string): string | undefined {
  const value = (JSON.parse(text) as Record<string, unknown>)[jsonKey];
  return typeof value === 'string' ? value : undefined;
}

function missing(name: string, jsonKey: string, { region, versionId }: SecretPlace): string {
  const version = versionId === undefined ? '' : ` in its version ${versionId}`;
  return `the local cloud has no secret ${name} with a key ${jsonKey}${version} in ${region} (a start without --keep makes one)`;
}
