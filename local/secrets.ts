import { randomBytes, randomUUID } from 'node:crypto';
import { encodeKeySecret, newKeySecret } from '../core/keys/key-rotation.ts';
import { type Secret, SecretStore, type SecretWorld, versionOf } from './model/secret-store.ts';
import { Refusal } from './template/refusal.ts';
import type { ResolveSecret, SecretPlace } from './template/stack.ts';

/** What Secrets Manager held, by region. */
export type KeptSecrets = Readonly<Record<string, readonly Secret[]>>;

/** Secrets Manager in every region. */
export interface Secrets {
  /** Of a region without secrets: an empty one. */
  storeOf(region: string): SecretStore;
  /** As the templates' dynamic references see it. */
  readonly resolve: ResolveSecret;
  snapshot(): KeptSecrets;
}

/**
 * A fresh cloud has signing keys already, the same in every region and under whatever version the templates name: it is
 * there to be tried. One that goes on with what an earlier run left has that and nothing else, as AWS would.
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

  /** The secret that a template names, made now when the cloud is fresh. */
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
  return `the local cloud has no secret ${name} with a key ${jsonKey}${version} in ${region} (without --keep it makes one)`;
}
