/** XML as S3 uses it: elements and text. The only attribute is the namespace. */

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An element with text; empty text when `value` is undefined. */
export function tag(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** An element with child elements, which are XML text already. */
export function group(name: string, inner: readonly string[]): string {
  return `<${name}>${inner.join('')}</${name}>`;
}

export function xmlDocument(name: string, inner: readonly string[]): string {
  return `${declaration}<${name} xmlns="${namespace}">${inner.join('')}</${name}>`;
}

export const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may hold them, and S3 writes them as references.
  return text.replace(/[&<>"\u0000-\u001f]/g, (character) => escapes[character] ?? `&#x${codeOf(character)};`);
}

function codeOf(character: string): string {
  return character.charCodeAt(0).toString(16);
}

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text of an element without children. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** A small strict reader. Undefined for malformed XML, and for parts that no S3 client sends: comments, own entities. */
export function readXml(source: string): XmlElement | undefined {
  const token = /<\?xml[^>]*\?>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  const root: OpenElement = { name: '', children: [], text: '' };
  const open: OpenElement[] = [root];
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    if (!match || !takeToken(open, match)) return undefined;
  }
  const [document] = root.children;
  return open.length === 1 && root.children.length === 1 && root.text.trim() === '' ? document : undefined;
}

/** False when the token is not allowed at this place. */
function takeToken(open: OpenElement[], [, closing, name, , empty, text]: RegExpExecArray): boolean {
  const current = open.at(-1);
  if (!current) return false;
  if (text !== undefined) current.text += unescapeXml(text);
  else if (closing) return closeElement(open, name);
  else if (name !== undefined) {
    const element = { name, children: [], text: '' };
    current.children.push(element);
    if (!empty) open.push(element);
  }
  return true;
}

function closeElement(open: OpenElement[], name: string | undefined): boolean {
  return open.length > 1 && open.pop()?.name === name;
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = Number.parseInt(hex ?? decimal, hex ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
