import { catalogKey } from '../../../core/catalog/snapshot.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { ageText } from '../../cli/format.ts';
import { askHealth } from '../../clients/health-pages.ts';
import type { Http } from '../../clients/http-client.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import type { Replacement } from './replacement.ts';

export interface CarryingPorts {
  readonly run: Replacement;
  readonly figures: Pick<FiguresReader, 'hourStates'>;
  readonly http: Http;
  /** Of the fresh region; undefined without a domain. */
  readonly url: string | undefined;
}

/** Why the region should not carry traffic yet, apart from its log and its final figures; one line each. */
export async function reasonsAgainstTraffic(ports: CarryingPorts): Promise<readonly string[]> {
  const found = await Promise.all([ofHealth(ports), ofCatalog(ports), ofFreshFigures(ports)]);
  return found.filter((reason) => reason !== undefined);
}

async function ofHealth({ run, http, url }: CarryingPorts): Promise<string | undefined> {
  if (url === undefined) return undefined;
  const health = await askHealth(http, url);
  return health.kind === 'ill' ? `${run.fresh.region} cannot capture: /health ${health.reason}` : undefined;
}

async function ofCatalog({ run }: CarryingPorts): Promise<string | undefined> {
  const [theirs, own] = await Promise.all([run.read(run.survivor, catalogKey), run.read(run.fresh, catalogKey)]);
  if (theirs === undefined || theirs.etag === own?.etag) return undefined;
  return `${run.fresh.region} has another catalog than ${run.survivor.region}: publish it again`;
}

const { figuresAgeSecondsMax } = limits.replacing;

/** `stats` runs every minute. So a region without recent figures does not fold. */
async function ofFreshFigures({ run, figures }: CarryingPorts): Promise<string | undefined> {
  const nowMs = run.clock.nowMs();
  const states = await figures.hourStates([hourName(nowMs), hourName(nowMs - hourMs)]);
  const foldedToMs = Math.max(...[...states.values()].map((state) => state.foldedToMs));
  const ageSeconds = (nowMs - foldedToMs) / 1_000;
  if (ageSeconds <= figuresAgeSecondsMax) return undefined;
  const { region } = run.fresh;
  return Number.isFinite(ageSeconds)
    ? `the provisional figures of ${region} are ${ageText(ageSeconds)} old`
    : `${region} has no provisional figures yet`;
}
