import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../../core/limits/limits.ts';
import { readPostedBody } from '../../../../core/tracking/input/posted-body.ts';
import { ask, captured } from '../ask.ts';

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

function posted(body: string, contentType = '', link = '/aff_lsr') {
  return captured(link, { method: 'POST', body, contentType });
}

function refusal(body: string, contentType = '') {
  const decision = ask('/aff_lsr', { method: 'POST', body, contentType });
  if (decision.kind !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(decision)}`);
  return { status: decision.reply.status, reason: decision.reason, said: decision.reply.body };
}

function multipart(parts: readonly (readonly [string, string])[], boundary = 'XyZ'): string {
  const written = parts.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${written.join('')}--${boundary}--\r\n`;
}

const txn = String(captured('/aff_c?offer_id=1500&aff_id=1001').fields['txn']);
const sale = { transaction_id: txn, amount: '49.99', adv_sub: 'A&B=ü%41+1' };

describe('a postback counts with its amount', () => {
  const parts = multipart(Object.entries(sale));
  test.each([
    ['as a form', new URLSearchParams(sale).toString(), form],
    ['as a form without a type', new URLSearchParams(sale).toString(), ''],
    ['as JSON', JSON.stringify(sale), json],
    ['as JSON with a charset', JSON.stringify(sale), 'Application/JSON; charset=utf-8'],
    ['as JSON of some kind', JSON.stringify(sale), 'application/vnd.shop.v2+json'],
    ['as JSON with blanks and a byte order mark', `\ufeff \n${JSON.stringify(sale, null, 2)}\n`, json],
    ['as JSON that is called a form', JSON.stringify(sale), form],
    ['as JSON that is called plain text', JSON.stringify(sale), 'text/plain;charset=UTF-8'],
    ['as JSON without a type', JSON.stringify(sale), ''],
    ['as a multipart form', parts, 'multipart/form-data; boundary=XyZ'],
    ['as a multipart form with its boundary in quotes', parts, 'multipart/form-data; charset=utf-8; boundary="XyZ"'],
    ['as a multipart form with a preamble', `hello\r\n${parts}bye`, 'multipart/form-data;boundary=XyZ'],
  ])('%s', (_name, body, contentType) => {
    const { fields, reply } = posted(body, contentType);
    expect(reply).toMatchObject({ status: 200, body: 'success=true;' });
    expect(fields).toMatchObject({ status: 'approved', txn, amount: '49.99', adv_sub: sale.adv_sub });
  });

  test('in a multipart form as another program writes it', () => {
    const body = [
      '--b\r\nCONTENT-TYPE: text/plain; charset=utf-8\r\ncontent-disposition: form-data; filename="x"; name=adv_sub\r\n\r\n',
      'line 1\r\nline 2\r\n--b \r\nContent-Disposition: form-data; name="a \\"b\\" %22c%22"\r\n\r\n\r\n--b--',
    ].join('');
    const { fields } = posted(body, 'multipart/form-data; boundary=b');
    expect(fields).toMatchObject({ adv_sub: 'line 1\r\nline 2', params: { 'a "b" "c"': '' } });
  });
});

describe('JSON', () => {
  test.each([
    ['49.90', '49.90'],
    ['1e3', '1e3'],
    ['-0.10', '-0.10'],
    ['12345678901234567890', '12345678901234567890'],
    ['"49.90"', '49.90'],
    ['"a \\"1.50\\" \\u00fc"', 'a "1.50" ü'],
    ['true', 'true'],
    ['false', 'false'],
  ])('keeps %s as it was written', (literal, value) => {
    expect(posted(`{"adv_sub":${literal}}`, json).fields).toMatchObject({ adv_sub: value });
  });

  test('gives no parameter for null or an empty value', () => {
    const { fields } = posted('{"adv_sub":null,"amount":null,"list":[],"more":{}}', json);
    for (const name of ['adv_sub', 'amount', 'params']) expect(fields).not.toHaveProperty(name);
  });

  test('gives nested values the names that forms use: lists repeat the name, objects use brackets', () => {
    const body =
      '{"adv_sub":["a","b"],"order":{"amount":1.50,"by":{"x":true}},"items":[{"sku":"s"},7,[8]],"p":[1,2.0]}';
    expect(posted(body, json).fields).toMatchObject({
      adv_sub: 'b',
      params: {
        'order[amount]': '1.50',
        'order[by][x]': 'true',
        'items[0][sku]': 's',
        items: '7',
        'items[2]': '8',
        p: ['1', '2.0'],
      },
    });
  });

  test('keeps a name such as __proto__ as a parameter like any other', () => {
    const { fields } = posted('{"__proto__":{"status":"approved"},"constructor":"c","toString":1}', json);
    expect(Object.entries(fields['params'] as object)).toEqual([
      ['__proto__[status]', 'approved'],
      ['constructor', 'c'],
      ['toString', '1'],
    ]);
    expect(Object.entries(posted('{"__proto__":"x"}', json).fields['params'] as object)).toEqual([['__proto__', 'x']]);
  });

  test('overrides the query, and adds to it', () => {
    const { fields } = posted('{"adv_sub":"body"}', json, `/aff_lsr?transaction_id=${txn}&adv_sub=query&adv_sub2=q`);
    expect(fields).toMatchObject({ txn, adv_sub: 'body', adv_sub2: 'q', status: 'approved' });
  });
});

describe('a body without parameters is no fault', () => {
  test.each(['', json, 'text/xml', 'multipart/form-data', 'application/octet-stream'])(
    'of type "%s"',
    (contentType) => {
      expect(posted(' \r\n', contentType, `/aff_lsr?transaction_id=${txn}`).fields).toMatchObject({
        status: 'approved',
      });
    },
  );
});

describe('a body that cannot be read is refused with the reason', () => {
  test.each([
    [415, 'body-type-unknown', '<order id="1">x</order>', 'text/xml'],
    [415, 'body-type-unknown', '<order id="1">x</order>', ''],
    [415, 'body-type-unknown', 'transaction_id=x', 'application/octet-stream'],
    [415, 'body-type-unknown', 'hello', 'text/plain'],
    [400, 'json-malformed', '{"transaction_id":"x"', json],
    [400, 'json-malformed', '{"transaction_id":"x"', ''],
    [400, 'json-malformed', 'transaction_id=x', json],
    [400, 'json-no-object', '[{"transaction_id":"x"}]', json],
    [400, 'json-no-object', '"x"', json],
    [400, 'json-no-object', 'null', json],
    [400, 'multipart-malformed', multipart([['a', 'b']]), 'multipart/form-data'],
    [400, 'multipart-malformed', multipart([['a', 'b']]), 'multipart/form-data; boundary=other'],
    [400, 'multipart-malformed', multipart([['a', 'b']]).slice(0, -6), 'multipart/form-data; boundary=XyZ'],
    [400, 'multipart-malformed', '--b\r\nno headers\r\n--b--', 'multipart/form-data; boundary=b'],
    [400, 'multipart-malformed', '--b\r\nX: y\r\n\r\nv\r\n--b--', 'multipart/form-data; boundary=b'],
  ])('%i %s: %s as "%s"', (status, reason, body, contentType) => {
    const refused = refusal(body, contentType);
    expect(refused).toMatchObject({ status, reason });
    expect(refused.said).toMatch(/^Th(is|e type of this) .*\.\n$/);
    expect(refused.said).not.toContain('"');
  });

  test.each([
    ['too-many-parameters', `{"p":[${'1,'.repeat(limits.link.parametersMax)}1]}`, 'more than 100 parameters'],
    ['parameter-too-large', `{"p":"${'x'.repeat(2_049)}"}`, 'whose value is longer than 2048 characters'],
    ['parameter-name-too-long', `{"${'p'.repeat(101)}":1}`, 'whose name is longer than 100 characters'],
    ['parameter-name-too-long', `{"p":${'['.repeat(4_000)}${']'.repeat(4_000)}}`, 'whose name is longer than 100'],
  ])('%s: the refusal names the limit', (reason, body, said) => {
    const refused = refusal(body, json);
    expect(refused).toMatchObject({ status: 400, reason });
    expect(refused.said).toContain(said);
  });

  test('a body that is too long only when written as a query is no fault', () => {
    const body = JSON.stringify({ transaction_id: txn, p: 'ü'.repeat(2_000) });
    expect(posted(body, json).fields).toMatchObject({ status: 'approved', params: { p: 'ü'.repeat(2_000) } });
    expect(refusal('x'.repeat(limits.link.bodyBytesMax + 1)).said).toContain('more than 8192 bytes together');
  });
});

describe('whatever is posted', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '1e9',
    '\\',
    '--b',
    '\r\n',
    'name=',
    ';',
    '\ud800',
    '%',
    '&',
    '=',
  );
  const bodies = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
  );
  const types = fc.constantFrom(
    '',
    form,
    json,
    'multipart/form-data; boundary=b',
    'multipart/form-data; boundary',
    'x',
  );

  test('it gets an answer', () => {
    fc.assert(
      fc.property(bodies, types, (body, contentType) => {
        expect(['query', 'rejected']).toContain(readPostedBody(body, contentType).kind);
        expect(['capture', 'rejected']).toContain(ask('/aff_lsr', { method: 'POST', body, contentType }).kind);
      }),
    );
  });

  test('texts come through JSON and multipart forms as they are', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((value) => !value.includes('\r\n--b'));
    fc.assert(
      fc.property(text, (value) => {
        const plain = value.replace(/[\ud800-\udfff]/gu, '\ufffd');
        const asJson = posted(JSON.stringify({ q: value }), json).fields['params'];
        const asPart = posted(multipart([['q', value]], 'b'), 'multipart/form-data; boundary=b').fields['params'];
        expect([asJson, asPart]).toEqual([{ q: plain }, { q: plain }]);
      }),
    );
  });

  test('numbers come as they are', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        const literal = JSON.stringify(value);
        expect(posted(`{"q":${literal},"r":[${literal}]}`, json).fields['params']).toEqual({ q: literal, r: literal });
      }),
    );
  });
});
