import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';

/** What people call the entries of each list. */
const things: Readonly<Record<string, string>> = {
  advertisers: 'advertiser',
  affiliates: 'affiliate',
  offers: 'offer',
  creatives: 'creative',
  goals: 'goal',
  urls: 'URL',
  affiliate_offers: 'access',
  affiliate_terms: 'terms',
  affiliate_caps: 'caps',
  postbacks: 'postback',
  alerts: 'alert',
};

const shapeOfPath = String.raw`[a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*`;
const problemShape = new RegExp(`^(${shapeOfPath}): `);
/** A path in the words of a problem always begins with an entry of a list. */
const mentionShape = new RegExp(String.raw`\b(?:${Object.keys(things).join('|')})\[\d+\](?:\.${shapeOfPath})?`, 'g');

/**
 * Replaces the paths in the problems of a catalog file by ids and line numbers: `offers[25].payout: must …` becomes
 * `offer 1323 (line 47): payout (line 52): must …`. `yamlText` is the content of the file.
 */
export function locateProblems(yamlText: string, problems: readonly string[]): readonly string[] {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { prettyErrors: false, lineCounter: lines });
  const named = (path: string) => nameOf(partsOf(path), document, lines);
  return problems.map((problem) => {
    const [start = '', path] = problemShape.exec(problem) ?? [];
    const words = problem.slice(start.length).replace(mentionShape, named);
    return path === undefined ? words : `${named(path)}: ${words}`;
  });
}

type Part = string | number;

function partsOf(path: string): readonly Part[] {
  return [...path.matchAll(/([a-z_]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

/**
 * `offer 1323, goal 5 (line 47): payout (line 52)`. The field's line is given only when it differs from the entry's.
 */
function nameOf(parts: readonly Part[], document: Document, lines: LineCounter): string {
  const lineOf = (path: readonly Part[]) => lineAt(path, document, lines);
  const names: string[] = [];
  let taken = 0;
  for (const [at, list] of parts.entries()) {
    const thing = at === taken ? things[list] : undefined;
    if (thing === undefined || typeof parts[at + 1] !== 'number') continue;
    taken = at + 2;
    names.push(`${thing}${idAt(parts.slice(0, taken), document)}`);
  }
  const thingLine = taken === 0 ? undefined : lineOf(parts.slice(0, taken));
  const ownLine = lineOf(parts);
  const field = `${textOf(parts.slice(taken))}${ownLine === thingLine ? '' : lineText(ownLine)}`;
  return [
    ...(taken === 0 ? [] : [`${names.join(', ')}${lineText(thingLine)}`]),
    ...(taken < parts.length ? [field] : []),
  ].join(': ');
}

/** ` 1323`, or ` of affiliate 1001 and offer 1323`. Empty for an entry without an id. */
function idAt(path: readonly Part[], document: Document): string {
  const thing = document.getIn(path, true);
  if (!isMap(thing)) return '';
  const isId = (id: unknown) => typeof id === 'number' || typeof id === 'string';
  if (isId(thing.get('id'))) return ` ${thing.get('id')}`;
  const [affiliateId, offerId] = [thing.get('affiliate_id'), thing.get('offer_id')];
  return isId(affiliateId) && isId(offerId) ? ` of affiliate ${affiliateId} and offer ${offerId}` : '';
}

function lineText(line: number | undefined): string {
  return line === undefined ? '' : ` (line ${line})`;
}

/** Undefined when the file has nothing at that path. */
function lineAt(path: readonly Part[], document: Document, lines: LineCounter): number | undefined {
  const node = document.getIn(path, true);
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${part}`)).join('');
}
