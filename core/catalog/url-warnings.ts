/** What a URL of a valid catalog may have although it rarely does what its author meant. */

export function httpWarnings(path: string, url: unknown): string[] {
  if (typeof url !== 'string' || !url.startsWith('http://')) return [];
  return [`${path}: is http, so everybody on the way can read and change it; use https`];
}

export function queryWarnings(path: string, url: string): string[] {
  const hasSecond = /^[^#]*\?[^#]*\?/.test(url) && url.startsWith('http');
  return hasSecond ? [`${path}: has a second ?; write & between parameters`] : [];
}

/** The macros that a kind of URL may contain. */
export interface KnownMacros {
  readonly names: readonly string[];
  /** What other systems call them in such a URL, in lower case and without separators. */
  readonly otherNames: Readonly<Record<string, string>>;
}

export function macroWarnings(path: string, url: string, known: KnownMacros): string[] {
  const isMacro = (name: string) => known.names.includes(name);
  const plain = [...url.matchAll(/\{([^{}]*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !isMacro(name))
    .map((name) => {
      const meant = nearestMacro(name, known);
      const remedy = meant ? `did you mean {${meant}}?` : 'it stays as it is, for the next system to fill in';
      return `${path}: {${name}} is no macro; ${remedy}`;
    });
  const encoded = [...url.matchAll(/%7b([a-z0-9_]+)%7d/gi)]
    .map(([, name = '']) => name)
    .filter(isMacro)
    .map((name) => `${path}: the macro ${name} is written as %7B${name}%7D and stays as it is; write {${name}}`);
  return [...new Set([...plain, ...encoded])];
}

/** What other systems call the macros of every kind of URL. */
const commonOtherNames: Readonly<Record<string, string>> = {
  affid: 'affiliate_id',
  publisherid: 'affiliate_id',
  partnerid: 'affiliate_id',
  txid: 'transaction_id',
  txnid: 'transaction_id',
  transid: 'transaction_id',
  subid: 'aff_sub',
  sub: 'aff_sub',
  subid1: 'aff_sub',
  sub1: 'aff_sub',
  advid: 'advertiser_id',
  fileid: 'offer_file_id',
  urlid: 'offer_url_id',
  timestamp: 'datetime',
};

/** The macro that somebody probably meant: case and separators do not matter, and up to two letters may be wrong. */
function nearestMacro(name: string, { names, otherNames }: KnownMacros): string | undefined {
  const bare = bareName(name);
  if (bare === '') return undefined;
  const known = names.map((macro) => ({ macro, bare: bareName(macro) }));
  const same = known.find((one) => one.bare === bare)?.macro ?? otherNames[bare] ?? commonOtherNames[bare];
  if (same !== undefined) return same;
  const wrongMax = bare.length < 6 ? 1 : 2;
  // Names that end with different numbers are different on purpose.
  const near = known
    .filter((one) => numberOf(one.bare) === numberOf(bare))
    .map((one) => ({ macro: one.macro, wrong: lettersWrong(one.bare, bare) }));
  return near.filter(({ wrong }) => wrong <= wrongMax).sort((one, other) => one.wrong - other.wrong)[0]?.macro;
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function numberOf(name: string): string {
  return /\d*$/.exec(name)?.[0] ?? '';
}

/** The Levenshtein distance. */
function lettersWrong(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
