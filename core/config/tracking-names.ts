import { z } from 'zod';
import { limits } from '../limits/limits.ts';
import { type FrontDoorKind, frontDoors, liveDoors } from './front-doors.ts';
import { hostName, isInZone } from './host-name.ts';
import { regionalName } from './resource-names.ts';

/** The host names under which links are handed out. */

const zone = {
  zoneName: hostName,
  zoneId: z.string().regex(/^Z[A-Z0-9]{1,31}$/, 'must be a hosted zone id such as Z0123456789ABC'),
};

const certificateArn = z
  .string()
  .regex(
    /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/,
    'must be the ARN of a certificate in ACM, arn:aws:acm:<region>:<account>:certificate/<id>',
  );

/** A name in a hosted zone of the account: the stacks make its certificates and its records. */
const nameInOurZone = z.strictObject({ name: hostName, ...zone });

/**
 * A name whose DNS is somebody else's. Its owner proves the certificates and sets a CNAME to `domain.record`, so that
 * no stack ever waits for the owner.
 */
const foreignName = z.strictObject({ name: hostName, certificates: z.record(z.string(), certificateArn) });

export const trackingNameFields = {
  domain: z
    .strictObject({
      ...zone,
      /** The main tracking name, for example go.example.com. The zone's own name can be one too. */
      record: hostName,
    })
    .optional(),
  /** Further tracking names: of brands, or affiliates' own. */
  trackingNames: z
    .array(
      z.union([nameInOurZone, foreignName], {
        error: 'must have name, zoneName and zoneId, or name and certificates, and nothing else',
      }),
    )
    .optional(),
};

export type TrackingName = z.output<typeof nameInOurZone> | z.output<typeof foreignName>;

interface Names {
  readonly domain?: { readonly record: string } | undefined;
  readonly trackingNames?: readonly { readonly name: string }[] | undefined;
}

/** All tracking names, `domain.record` first. Empty without a domain. */
export function allNames({ domain, trackingNames = [] }: Names): readonly string[] {
  return domain === undefined ? [] : [domain.record, ...trackingNames.map(({ name }) => name)];
}

interface Raw {
  readonly account?: unknown;
  readonly domain?: { readonly record?: unknown; readonly zoneName?: unknown };
  readonly trackingNames?: unknown;
  readonly frontDoor?: FrontDoorKind;
  readonly secondFrontDoor?: FrontDoorKind;
}

/** `value`: the whole config, unchecked. `regions`: those in it that are texts. */
export function nameProblems(value: unknown, regions: readonly string[]): string[] {
  const raw = (value ?? {}) as Raw;
  const { domain, trackingNames } = raw;
  const named = Array.isArray(trackingNames) ? trackingNames.map((name) => (name ?? {}) as RawName) : [];
  return [
    ...recordProblems(domain, regions),
    ...(named.length > 0 && domain === undefined ? ['trackingNames: need domain'] : []),
    ...named.flatMap((name, index) =>
      trackingNameProblems(name, raw, regions).map((problem) => `trackingNames[${index}].${problem}`),
    ),
    ...twiceProblems(named, domain?.record, regions),
    ...sumProblems(named, raw),
  ];
}

function recordProblems(domain: Raw['domain'], regions: readonly string[]): string[] {
  const { record, zoneName } = domain ?? {};
  if (typeof record !== 'string') return [];
  const problems: string[] = [];
  if (typeof zoneName === 'string' && !isInZone(record, zoneName)) {
    problems.push('domain.record: must be domain.zoneName or a name inside it');
  }
  const longest = Math.max(0, ...regions.map((region) => regionalName(record, region).length));
  const tooLong = longest - limits.domain.certificateCharactersMax;
  if (tooLong > 0) {
    problems.push(
      `domain.record: must be ${tooLong} characters shorter: a certificate's name has at most ${limits.domain.certificateCharactersMax}, and <region>.<record> would have ${longest}`,
    );
  }
  return problems;
}

interface RawName {
  readonly name?: unknown;
  readonly zoneName?: unknown;
  readonly certificates?: unknown;
}

function trackingNameProblems({ name, zoneName, certificates }: RawName, raw: Raw, regions: readonly string[]) {
  const problems: string[] = [];
  if (typeof name === 'string' && typeof zoneName === 'string') {
    if (!isInZone(name, zoneName)) problems.push('name: must be zoneName or a name inside it');
    if (name.length > limits.domain.certificateCharactersMax) {
      problems.push(`name: a certificate's name has at most ${limits.domain.certificateCharactersMax} characters`);
    }
  }
  if (typeof certificates === 'object' && certificates !== null) {
    problems.push(...certificateProblems(certificates as Readonly<Record<string, unknown>>, raw, regions));
  }
  return problems;
}

/** A load balancer and a custom domain take certificates of their own region and account only. */
function certificateProblems(
  certificates: Readonly<Record<string, unknown>>,
  { account }: Raw,
  regions: readonly string[],
): string[] {
  const named = Object.keys(certificates).sort().join(', ');
  const wanted = [...regions].sort().join(', ');
  if (named !== wanted) return [`certificates: must name both regions (${wanted}) and nothing else`];
  return regions
    .filter((region) => !String(certificates[region]).startsWith(`arn:aws:acm:${region}:${account}:`))
    .map((region) => `certificates.${region}: must be a certificate of account ${account} in ${region}`);
}

/** Names of a region stand beside each name in a zone of the account, and must not be tracking names too. */
function twiceProblems(named: readonly RawName[], record: unknown, regions: readonly string[]): string[] {
  const inOurZones = [record, ...named.filter(({ zoneName }) => zoneName !== undefined).map(({ name }) => name)];
  const ofRegions = inOurZones.flatMap((name) => regions.map((region) => regionalName(String(name), region)));
  const names = [record, ...named.map(({ name }) => name)];
  return names.flatMap((name, index) => {
    if (typeof name !== 'string') return [];
    const field = index === 0 ? 'domain.record' : `trackingNames[${index - 1}].name`;
    if (names.indexOf(name) < index) return [`${field}: ${name} is a tracking name already`];
    return ofRegions.includes(name) ? [`${field}: ${name} is the name of one region, beside a tracking name`] : [];
  });
}

function sumProblems(named: readonly RawName[], { frontDoor = 'http-api', ...raw }: Raw): string[] {
  const live = liveDoors({ frontDoor, ...raw });
  const problems = frontDoors
    .filter((door) => live.includes(door) && named.length > limits.domain.trackingNamesMax[door])
    .map(
      (door) =>
        `trackingNames: has ${named.length} names, and the front door "${door}" takes at most ${limits.domain.trackingNamesMax[door]} beside domain.record`,
    );
  const characters = named.reduce((sum, { name }) => sum + String(name).length + 1, 0);
  const most = limits.domain.trackingNamesCharactersMax;
  if (characters > most) {
    problems.push(
      `trackingNames: the names have ${characters} characters with a comma each, and the environment of a function has room for ${most}`,
    );
  }
  return problems;
}
