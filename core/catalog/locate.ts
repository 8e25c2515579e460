import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';

/** Things of a catalog that people know by their ids, by the list that holds them. */
const things: Readonly<Record<string, string>> = {
  advertisers: 'advertiser',
  affiliates: 'affiliate',
  offers: 'offer',
  creatives: 'creative',
  goals: 'goal',
  urls: 'URL',
};

const shapeOfPath = String.raw`[a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*`;
const problemShape = new RegExp(`^(${shapeOfPath}): `);
/** In the words of a problem only what stands in a list is a path. */
const mentionShape = new RegExp(String.raw`\b(?:${Object.keys(things).join('|')})\[\d+\](?:\.${shapeOfPath})?`, 'g');

/**
 * Names in each problem of a catalog file the thing and the line that it is about, instead of its place in a list:
 * `offers[25].payout: must …` becomes `offer 1323 (line 47): payout (line 52): must …`. `yamlText` is the file's.
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

/** `offer 1323, goal 5 (line 47): payout (line 52)`; the second line only when it is another. */
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

/** ` 1323`; empty for what has no id. */
function idAt(path: readonly Part[], document: Document): string {
  const thing = document.getIn(path, true);
  const id = isMap(thing) ? thing.get('id') : undefined;
  return typeof id === 'number' || typeof id === 'string' ? ` ${id}` : '';
}

function lineText(line: number | undefined): string {
  return line === undefined ? '' : ` (line ${line})`;
}

/** Undefined for what the file does not have. */
function lineAt(path: readonly Part[], document: Document, lines: LineCounter): number | undefined {
  const node = document.getIn(path, true);
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${part}`)).join('');
}
