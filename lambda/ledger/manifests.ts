import { type Manifest, parseManifest } from '../../core/ledger/manifest.ts';
import { manifestPrefix } from '../../core/ledger/object-keys.ts';
import type { Bucket } from '../../core/ports.ts';
import { listObjects, needObject } from './objects.ts';
import { done, left, type Step } from './steps.ts';

/** The latest revision of an hour; undefined when it was never made final. */
export async function latestManifest(bucket: Bucket, hourStartMs: number): Promise<Step<Manifest | undefined>> {
  const listed = await listObjects(bucket, manifestPrefix(hourStartMs));
  if (listed.kind === 'left') return listed;
  const key = listed.value.at(-1)?.key;
  return key === undefined ? done(undefined) : readManifest(bucket, key);
}

export async function readManifest(bucket: Bucket, key: string): Promise<Step<Manifest>> {
  const object = await needObject(bucket, key);
  if (object.kind === 'left') return object;
  const manifest = parseManifest(Buffer.from(object.value).toString());
  return manifest === undefined ? left(`${key} is no manifest`) : done(manifest);
}
