import fc from 'fast-check';
import { expect, test } from 'vitest';
import { group, readXml, tag, xmlDocument } from '../../../../local/wire/s3/xml.ts';

const anyText = fc.string({
  unit: fc.constantFrom('&', '<', '>', '"', ';', '#', 'a', ' ', 'é', '😀', '\u0000', '\r', '\n'),
});

test('any text survives writing and reading', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const read = readXml(xmlDocument('Delete', [group('Object', [tag('Key', text)])]));
      expect(read?.children[0]?.children[0]).toEqual({ name: 'Key', children: [], text });
    }),
  );
});

test('references of all kinds are read, unknown ones stay as they are', () => {
  expect(readXml('<a>&lt;&#65;&#x42;&amp;amp;&none;</a>')?.text).toBe('<AB&amp;&none;');
});

test('attributes and empty elements are allowed', () => {
  expect(
    readXml('<?xml version="1.0"?>\n<a xmlns="urn:x"><b/><c x="1"></c></a>\n')?.children.map(({ name }) => name),
  ).toEqual(['b', 'c']);
});

test.each(['', 'text', '<a>', '</a>', '<a></b>', '<a><b></a></b>', '<a/><b/>', '<a', '<!DOCTYPE a><a/>', '<a/>text'])(
  '%j is not well-formed',
  (source) => {
    expect(readXml(source)).toBeUndefined();
  },
);
