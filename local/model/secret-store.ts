import type { Chance, ModelTime } from './time.ts';

/**
 * Secrets Manager of one region: secrets with their versions and staging labels.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 *
 * Not modelled: binary values, labels that a caller names, rotation by a function, replicas, deletion, and the removal
 * of versions that have lost their labels.
 */

export interface SecretVersion {
  readonly id: string;
  readonly text: string;
  readonly createdAtMs: number;
}

/** Plain data that JSON can hold. */
export interface Secret {
  readonly name: string;
  /** The six characters at the end of the secret's ARN. */
  readonly suffix: string;
  readonly createdAtMs: number;
  /** Oldest first. */
  readonly versions: readonly SecretVersion[];
  /** The id of a version. */
  readonly current: string;
  readonly previous?: string;
}

export type SecretWrite =
  | { readonly kind: 'written'; readonly secret: Secret }
  /** The name or the version id already has another value. */
  | { readonly kind: 'exists' }
  | { readonly kind: 'missing' };

export interface SecretWorld {
  readonly time: ModelTime;
  readonly chance: Chance;
}

export class SecretStore {
  readonly #world: SecretWorld;
  readonly #secrets = new Map<string, Secret>();

  constructor(world: SecretWorld, kept: readonly Secret[] = []) {
    this.#world = world;
    for (const secret of kept) this.#secrets.set(secret.name, secret);
  }

  find(name: string): Secret | undefined {
    return this.#secrets.get(name);
  }

  /**
   * Repeating a call changes nothing:
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html (ClientRequestToken).
   */
  create(name: string, text: string, versionId: string): SecretWrite {
    const existing = this.#secrets.get(name);
    if (existing) return versionOf(existing, versionId)?.text === text ? written(existing) : { kind: 'exists' };
    const createdAtMs = this.#world.time.nowMs();
    const versions = [{ id: versionId, text, createdAtMs }];
    return this.#keep({ name, suffix: this.#suffix(), createdAtMs, versions, current: versionId });
  }

  /**
   * The new version becomes the current one, and the present one becomes the previous one. An existing version never
   * changes: with the same value the call does nothing, not even to labels.
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
   */
  put(name: string, text: string, versionId: string): SecretWrite {
    const secret = this.#secrets.get(name);
    if (!secret) return { kind: 'missing' };
    const existing = versionOf(secret, versionId);
    if (existing) return existing.text === text ? written(secret) : { kind: 'exists' };
    const version = { id: versionId, text, createdAtMs: this.#world.time.nowMs() };
    return this.#keep({
      ...secret,
      versions: [...secret.versions, version],
      current: versionId,
      previous: secret.current,
    });
  }

  snapshot(): readonly Secret[] {
    return [...this.#secrets.values()];
  }

  #keep(secret: Secret): SecretWrite {
    this.#secrets.set(secret.name, secret);
    return written(secret);
  }

  #suffix(): string {
    return Array.from({ length: 6 }, () => letters[Math.floor(this.#world.chance() * letters.length)]).join('');
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function versionOf(secret: Secret, id: string): SecretVersion | undefined {
  return secret.versions.find((version) => version.id === id);
}

/** Secrets Manager itself gives a version at most one label. */
export function stagesOf({ current, previous }: Secret, versionId: string): readonly string[] {
  if (versionId === current) return ['AWSCURRENT'];
  return versionId === previous ? ['AWSPREVIOUS'] : [];
}

function written(secret: Secret): SecretWrite {
  return { kind: 'written', secret };
}
