import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const anyLibrary = /^[a-z@]/;

/** Which rooms a room may import from. Arrows point to the core; whoever adds one adds it here, and says why in the change. */
const allowed: Readonly<Record<string, readonly RegExp[]>> = {
  core: [/^core\//, /^node:(crypto|net|zlib)$/, /^zod$/, /^yaml$/],
  eventlog: [/^core\//, /^eventlog\//, /^node:/],
  lambda: [
    /^core\//,
    /^eventlog\//,
    /^lambda\//,
    /^node:/,
    /^@aws-sdk\//,
    /^@smithy\//,
    /^aws4$/,
    /^@aws-lambda-powertools\//,
    /^aws-lambda$/,
  ],
  lib: [
    /^lib\//,
    /^core\/(config|limits)\/|^core\/(metrics|capture\/switches)\.ts$/,
    // What stands in the log and beside it, so that no column and no key has a second name here.
    /^core\/(caps\/(cap-counts|closed-caps)|event\/event-columns|keys\/operator-keys|ledger\/object-keys)\.ts$/,
    /^core\/(alerts\/alert-state|periods\/closed-periods|postbacks\/(outbox-key|delivery-keys))\.ts$/,
    /^node:/,
    /^aws-cdk-lib/,
    /^constructs$/,
  ],
  local: [/^core\//, /^local\//, /^node:/, anyLibrary],
  simulation: [
    /^core\//,
    /^eventlog\//,
    /^lambda\/(?!.*\.lambda\.ts$)/,
    /^local\/(model|fault)\//,
    /^simulation\//,
    /^node:/,
  ],
  operator: [
    /^core\//,
    /^eventlog\/(compare-logs|list-hour|pass-over-hour|read-segments)\.ts$/,
    /^lambda\/aws\//,
    // A postback is tested by the code that sends it.
    /^lambda\/notify\/send-postback\.ts$/,
    /^operator\//,
    // The quotas that `bench -- capacity` names: the doctor reads what an account has of them.
    /^bench\/quotas\.json$/,
    /^node:/,
    anyLibrary,
  ],
  drill: [
    /^core\//,
    /^drill\//,
    /^local\/(handle|cloud)\.ts$/,
    /^local\/fault\//,
    // The price file: drills and benchmarks calculate with the same prices.
    /^bench\/prices\.json$/,
    /^node:/,
    /^(undici|yaml|zod|commander)$/,
  ],
  'second-opinion': [
    /^core\/log\/log-key\.ts$/,
    /^local\//,
    /^operator\/cli\/printer\.ts$/,
    /^second-opinion\//,
    /^node:/,
    anyLibrary,
  ],
};

/** Libraries that parse and explain at length stay out of what a function loads on a cold start. */
const notInBundles = /^(zod|yaml|commander)$/;

describe('the arrows between rooms', () => {
  for (const [room, targets] of Object.entries(allowed)) {
    test(`${room}/ imports only what it may`, () => {
      const files = sourceFiles(room);
      expect(files.length).toBeGreaterThan(0);
      const trespasses = files.flatMap((file) =>
        importsOf(file)
          .filter((target) => !isRoom(target) || !target.startsWith(`${room}/`))
          .filter((target) => !isAllowed(target, targets))
          .map((target) => `${file} imports ${target}`),
      );
      expect(trespasses).toEqual([]);
    });
  }
});

/** A library has a bare name, as a room has: "any library" allows no room. */
function isAllowed(target: string, targets: readonly RegExp[]): boolean {
  return targets.some((pattern) => pattern.test(target) && (pattern !== anyLibrary || !isRoom(target)));
}

const rooms = [
  'bin',
  'core',
  'eventlog',
  'lambda',
  'lib',
  'local',
  'operator',
  'drill',
  'simulation',
  'bench',
  'second-opinion',
  'test',
];

function isRoom(target: string): boolean {
  return rooms.some((room) => target.startsWith(`${room}/`));
}

describe('circles', () => {
  test('no files import each other in a circle, not even types', () => {
    const files = rooms.flatMap(sourceFiles);
    expect(files.length).toBeGreaterThan(500);
    expect(circlesAmong(files)).toEqual([]);
  });

  test('are found between two files and along a longer way', () => {
    const imports = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['e'], e: ['d'], f: ['a'], g: ['g'] };
    expect(circlesIn(new Map(Object.entries(imports)))).toEqual(['a, b, c', 'd, e', 'g']);
  });
});

describe('the core', () => {
  test('reads no clock, draws no random number and knows no process', () => {
    const offenders = sourceFiles('core').filter((file) =>
      /Date\.now|new Date\(\)|Math\.random|\bprocess\.|randomBytes|setTimeout|setInterval/.test(withoutComments(file)),
    );
    expect(offenders).toEqual([]);
  });
});

describe('what the functions load', () => {
  const entries = sourceFiles('lambda').filter((file) => file.endsWith('.lambda.ts'));

  test.each(entries)('%s reaches no library that costs its cold start', (entry) => {
    const reached = closure(entry);
    expect(reached.filter((target) => notInBundles.test(target))).toEqual([]);
  });

  test('track reaches no client of the SDK, which costs more CPU than all the rest of a click', () => {
    const reached = closure('lambda/track/track.lambda.ts');
    expect(reached).toContain('lambda/aws/signed-queue.ts');
    expect(reached.filter((target) => /^@(aws-sdk|smithy)\//.test(target))).toEqual([]);
  });

  test('there are functions to check', () => {
    expect(entries.length).toBeGreaterThanOrEqual(3);
  });
});

describe('the executables', () => {
  test.each(sourceFiles('bin'))('%s has at most 40 lines', (file) => {
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(41);
  });
});

function closure(entry: string): string[] {
  const seen = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    if (isRoom(file)) waiting.push(...importsOf(file));
  }
  return [...seen];
}

function circlesAmong(files: readonly string[]): readonly string[] {
  return circlesIn(new Map(files.map((file) => [file, importsOf(file)])));
}

/** Each group of files that reach each other through imports, sorted. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const reached = new Map([...imports.keys()].map((file) => [file, reachedFrom(file, imports)]));
  const circles = [...reached]
    .filter(([file, targets]) => targets.has(file))
    .map(([file, targets]) =>
      [...targets]
        .filter((target) => reached.get(target)?.has(file))
        .sort()
        .join(', '),
    );
  return [...new Set(circles)].sort();
}

/** The file itself is among them only when an import leads back to it. */
function reachedFrom(file: string, imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...(imports.get(file) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(imports.get(next) ?? []));
  }
  return seen;
}

function sourceFiles(room: string): string[] {
  return readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => join(room, name))
    .sort();
}

/** Paths of imported files from the repository's root; bare names as they are. Type-only imports count: they are arrows too. */
function importsOf(file: string): string[] {
  const text = withoutComments(file);
  const specifiers = [...text.matchAll(/(?:\bfrom\s|\bimport\b)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier,
  );
}

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}
