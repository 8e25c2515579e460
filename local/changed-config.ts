import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reservedConcurrencySum } from '../core/config/concurrency.ts';
import type { FrontDoorKind } from '../core/config/front-doors.ts';
import { limits } from '../core/limits/limits.ts';
import { parseJson } from '../core/parse-json.ts';

/** A deploy config as far as a front door concerns it. All of it is checked when the app is synthesized. */
interface Config {
  readonly catalog?: string;
  readonly frontDoor?: FrontDoorKind;
  readonly secondFrontDoor?: FrontDoorKind;
  readonly loadBalancer?: unknown;
  readonly concurrency?: { readonly account?: number; readonly floor?: 'kept' | 'none'; readonly track?: number };
}

export interface ConfigChanges {
  readonly frontDoor?: FrontDoorKind;
  /** A path. */
  readonly catalog?: string;
}

/**
 * Writes a config with another front door or catalog into `file`: the same deployment otherwise. Returns the file to use.
 * A config that is no JSON object is used as it is, because the app says what is wrong with it.
 */
export function writeChangedConfig(configFile: string, changes: ConfigChanges, file: string): string {
  const config = parseJson(readFileSync(configFile, 'utf8'));
  if (typeof config !== 'object' || config === null) return configFile;
  const { catalog = '', ...rest } = config as Config;
  const chosen = changes.catalog ?? path.resolve(path.dirname(configFile), catalog);
  const { frontDoor } = changes;
  const changed = { ...(frontDoor === undefined ? rest : withFrontDoor(rest, frontDoor)), catalog: chosen };
  writeFileSync(file, `${JSON.stringify(changed, null, 2)}\n`);
  return file;
}

function withFrontDoor(config: Config, frontDoor: FrontDoorKind): Config {
  const { secondFrontDoor: _, loadBalancer, concurrency = {}, ...rest } = config;
  return {
    ...rest,
    frontDoor,
    concurrency,
    ...(frontDoor === 'alb' && { loadBalancer, concurrency: withReservation(concurrency) }),
  };
}

type Concurrency = NonNullable<Config['concurrency']>;

/** A load balancer needs reserved concurrency for `track`. The account of a trial has none, so a usual one is taken. */
function withReservation(concurrency: Concurrency): Concurrency {
  const { account = limits.lambda.accountDefault, ...rest } = concurrency.floor === 'none' ? {} : concurrency;
  return { track: Math.max(1, account - reservedConcurrencySum - limits.lambda.unreservedMin), account, ...rest };
}
