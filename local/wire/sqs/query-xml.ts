import type { Json, JsonObject } from './protocol.ts';

/** Lists and maps stand flat in the XML, each item under a name of its own. */
const itemNames: Readonly<Record<string, string>> = {
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  Attributes: 'Attribute',
  MessageAttributes: 'MessageAttribute',
  Failed: 'BatchResultErrorEntry',
};
const maps = new Set(['Attributes', 'MessageAttributes']);
const withoutResult = new Set(['DeleteMessage', 'ChangeMessageVisibility', 'PurgeQueue']);

/** The answer of an action as a whole document; `output` is shaped as the JSON protocol has it. */
export function actionXml(action: string, xmlNamespace: string, output: JsonObject, requestId: string): string {
  const successful = `${action}ResultEntry`;
  const result = withoutResult.has(action) ? '' : element(`${action}Result`, members(output, successful));
  const metadata = element('ResponseMetadata', element('RequestId', requestId));
  return `<${action}Response xmlns="${xmlNamespace}">${result}${metadata}</${action}Response>`;
}

function members(object: JsonObject, successful: string): string {
  const parts = Object.entries(object).map(([name, value]) => {
    const itemName = name === 'Successful' ? successful : (itemNames[name] ?? name);
    if (maps.has(name)) return mapXml(itemName, value as JsonObject, successful);
    if (Array.isArray(value)) return value.map((item) => element(itemName, content(item, successful))).join('');
    return element(itemName, content(value, successful));
  });
  return parts.join('');
}

function mapXml(itemName: string, map: JsonObject, successful: string): string {
  const pairs = Object.entries(map).map(([name, value]) =>
    element(itemName, element('Name', escapeXml(name)) + element('Value', content(value, successful))),
  );
  return pairs.join('');
}

function content(value: Json, successful: string): string {
  return typeof value === 'object' && !Array.isArray(value)
    ? members(value as JsonObject, successful)
    : escapeXml(String(value));
}

function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare carriage return would be read as a line feed.
  '\r': '&#xd;',
};

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}
