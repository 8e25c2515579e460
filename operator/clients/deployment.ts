import { type DeployConfig, parseDeployConfig, peerOf } from '../../core/config/deploy-config.ts';
import { allNames } from '../../core/config/tracking-names.ts';
import { limits } from '../../core/limits/limits.ts';
import type { GlobalOptions } from '../cli/global-options.ts';
import { readUserFile } from '../cli/read-user-file.ts';
import { refuse } from '../cli/refuse.ts';
import type { Shell } from '../cli/shell.ts';
import { findLocalCloud, type LocalCloudUrls } from './local-cloud.ts';

/** The deployment that a command works on: in AWS, or in the local cloud. */
export interface Deployment {
  readonly config: DeployConfig;
  /** The primary is first. */
  readonly regions: readonly [string, string];
  /** The other region. */
  peerOf(region: string): string;
  readonly isLocal: boolean;
  /** Origin of the tracking name that both regions share; undefined in AWS without a domain. */
  readonly trackingUrl: string | undefined;
  /** Origin of a region's own name. Undefined in AWS without a domain: the config does not know a front door's own name. */
  regionUrl(region: string): string | undefined;
  /** Where port 80 of an origin with TLS is served; undefined when its front door has none. */
  overHttpOf(origin: string): string | undefined;
  /** For any client of the AWS SDK. */
  clientOptions(region: string): ClientOptions;
}

/** In AWS the SDK finds the caller's own credentials. The local cloud accepts any. */
interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
  readonly endpoint?: string;
  readonly forcePathStyle?: true;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** When there is none, prints every problem, sets the exit code to 2 and gives undefined. */
export async function openDeployment(options: GlobalOptions, shell: Shell): Promise<Deployment | undefined> {
  const config = readConfig(options.config, shell);
  if (!config) return undefined;
  if (options.local === undefined) return inAws(config);
  const urls = await findLocalCloud(options.local, shell);
  return urls && isSameDeployment(urls, config, options, shell) ? inLocalCloud(config, urls) : undefined;
}

function readConfig(file: string, shell: Shell): DeployConfig | undefined {
  const text = readUserFile(file, shell);
  if (text === undefined) return undefined;
  const parsed = parseDeployConfig(text);
  if (parsed.kind === 'valid') return parsed.config;
  return refuse(shell, ...parsed.problems.map((problem) => `${file}: ${problem}`));
}

function inAws(config: DeployConfig): Deployment {
  const record = config.domain?.record;
  return {
    ...regionsOf(config),
    isLocal: false,
    trackingUrl: record && `https://${record}`,
    regionUrl: (region) => record && `https://${region}.${record}`,
    overHttpOf: (origin) => awsOverHttp(config, origin),
    clientOptions: awsClientOptions,
  };
}

/** Only tracking names lead to the first door. An origin of another name is a door's own. */
function awsOverHttp(config: DeployConfig, origin: string): string | undefined {
  const names = [...allNames(config), ...config.regions.map((region) => `${region}.${config.domain?.record}`)];
  const name = names.find((one) => origin === `https://${one}`);
  return config.frontDoor === 'alb' && name !== undefined ? `http://${name}` : undefined;
}

function inLocalCloud(config: DeployConfig, urls: LocalCloudUrls): Deployment {
  return {
    ...regionsOf(config),
    isLocal: true,
    trackingUrl: new URL(urls.name).origin,
    regionUrl: (region) => urls.region[region] && new URL(urls.region[region]).origin,
    overHttpOf: (origin) => localOverHttp(urls, origin),
    clientOptions: (region) => ({
      ...awsClientOptions(region),
      endpoint: urls.endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
    }),
  };
}

/** Each name and each region has a port of its own for port 80. */
function localOverHttp({ name, region, overHttp }: LocalCloudUrls, origin: string): string | undefined {
  const served = [[name, overHttp?.name], ...Object.entries(region).map(([one, url]) => [url, overHttp?.region[one]])];
  const [, found] = served.find(([url]) => url !== undefined && new URL(url).origin === origin) ?? [];
  return found && new URL(found).origin;
}

function regionsOf(config: DeployConfig) {
  return { config, regions: config.regions, peerOf: (region: string) => peerOf(config, region) };
}

const { attemptsMax, connectMs, requestMs } = limits.operator;

function awsClientOptions(region: string): ClientOptions {
  const requestHandler = {
    connectionTimeout: connectMs,
    requestTimeout: requestMs,
    throwOnRequestTimeout: true,
  } as const;
  return { region, maxAttempts: attemptsMax, requestHandler };
}

function isSameDeployment(urls: LocalCloudUrls, config: DeployConfig, options: GlobalOptions, shell: Shell): boolean {
  if (config.regions.every((region) => urls.region[region] !== undefined)) return true;
  const running = Object.keys(urls.region).join(' and ');
  refuse(
    shell,
    `${options.config}: names ${config.regions.join(' and ')}, but the local cloud at ${options.local} runs ${running}`,
  );
  return false;
}
