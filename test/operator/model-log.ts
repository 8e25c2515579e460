import { readSegment } from '../../core/log/segment.ts';
import type { BucketModel } from '../../local/model/bucket.ts';
import type { LogVersion, VersionedLog } from '../../operator/clients/versioned-log.ts';

/** Who runs an erasure, and may be killed: each call has two steps, before it has any effect and after it. */
export class Operator {
  readonly #diesAtStep: number | undefined;
  #steps = 0;

  constructor(diesAtStep?: number) {
    this.#diesAtStep = diesAtStep;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Nothing that the dead do has an effect or an answer. */
  async call<T>(perform: () => T): Promise<T> {
    this.#step();
    const result = perform();
    this.#step();
    return result;
  }

  #step(): void {
    this.#steps += 1;
    if (this.#diesAtStep !== undefined && this.#steps >= this.#diesAtStep) throw new Killed();
  }
}

export class Killed extends Error {}

/** The log port over the bucket model. */
export function modelLog(bucket: BucketModel, operator: Operator): VersionedLog {
  return {
    region: bucket.name,
    versions: (prefix) =>
      operator.call(() =>
        bucket.listVersions({ prefix }).versions.map(
          (version): LogVersion => ({
            key: version.key,
            versionId: version.versionId,
            isLatest: version.isLatest,
            etag: version.kind === 'object' ? version.etag : undefined,
          }),
        ),
      ),
    read: (key, versionId) => operator.call(() => bodyOf(bucket, key, versionId)),
    overwrite: (key, body) => operator.call(() => void bucket.put(key, body)),
    remove: (key, versionIds) => operator.call(() => versionIds.forEach((id) => void bucket.delete(key, id))),
  };
}

function bodyOf(bucket: BucketModel, key: string, versionId: string): Uint8Array {
  const result = bucket.get(key, { versionId });
  if (result.kind === 'failed') throw new Error(result.code);
  return result.value.body;
}

/** Lines of all objects as a reader sees them. */
export function linesIn(bucket: BucketModel): readonly string[] {
  return bucket.keys('log/').flatMap((key) => {
    const object = bucket.get(key);
    const read = object.kind === 'ok' ? readSegment(object.value.body) : undefined;
    return read?.kind === 'read' ? read.lines : [`unreadable: ${key}`];
  });
}

/** Lines of every version that the bucket remembers. */
export function linesEver(bucket: BucketModel): readonly string[] {
  return bucket.listVersions().versions.flatMap(({ key, versionId, kind }) => {
    const read = kind === 'object' ? readSegment(bodyOf(bucket, key, versionId)) : undefined;
    return read?.kind === 'read' ? read.lines : [];
  });
}
