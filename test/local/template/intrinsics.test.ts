import { describe, expect, test } from 'vitest';
import { evaluate, type Scope } from '../../../local/template/intrinsics.ts';

const scope: Scope = {
  ref: (name) => `<${name}>`,
  attribute: (logicalId, name) => (name === 'Blocks' ? ['2001:db8:0:ff00::/56'] : `<${logicalId}.${name}>`),
  zones: () => ['here-a', 'here-b'],
  secret: (secretName, jsonKey, versionId) => `${jsonKey} of ${secretName}${versionId ? ` in ${versionId}` : ''}`,
};

const resolved = (value: unknown) => evaluate(value, scope, 'Property');

describe('intrinsic functions', () => {
  test.each([
    ['Ref', { Ref: 'Queue' }, '<Queue>'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, '<Queue.Arn>'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Queue.Arn' }, '<Queue.Arn>'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'B' }, 3]] }, 'a-<B>-3'],
    ['Fn::Split', { 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
    ['Fn::GetAZs', { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, 'here-b'],
    [
      'Fn::Cidr',
      { 'Fn::Cidr': [{ 'Fn::Select': [0, { 'Fn::GetAtt': ['Vpc', 'Blocks'] }] }, 2, '64'] },
      ['2001:db8:0:ff00::/64', '2001:db8:0:ff01::/64'],
    ],
    ['Fn::Select', { 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    ['Fn::Sub', { 'Fn::Sub': '${A}/${B.Arn}/${!C}' }, '<A>/<B.Arn>/${C}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    ['Fn::Sub with names', { 'Fn::Sub': ['${A}/${b}', { b: { Ref: 'B' } }] }, '<A>/<B>'],
  ])('%s is resolved', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test('are resolved wherever they stand', () => {
    expect(resolved({ list: [{ inner: { Ref: 'A' } }], flag: true, count: 2 })).toEqual({
      list: [{ inner: '<A>' }],
      flag: true,
      count: 2,
    });
  });

  test.each(['Fn::ImportValue', 'Fn::If', 'Fn::FindInMap', 'Fn::Base64'])('%s is refused', (name) => {
    expect(() => resolved({ deep: { [name]: 'x' } })).toThrow(
      `Property.deep: the local cloud does not know the function ${name}`,
    );
  });

  test.each([
    ['one beside other keys', { Ref: 'A', other: 1 }, 'must be the only key of its object'],
    ['Fn::Select beyond the list', { 'Fn::Select': [2, ['a', 'b']] }, 'finds nothing at 2'],
    ['Fn::Join without a list', { 'Fn::Join': ['-', 'a'] }, 'needs a list'],
    ['Fn::Join without a delimiter', { 'Fn::Join': [['a']] }, 'needs two arguments'],
    ['Fn::Cidr of another size', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, 'does not know how to divide 10.0.0.0/16'],
    ['Ref of an object', { Ref: {} }, 'needs a text'],
  ])('%s is refused', (_, value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });
});

describe('dynamic references', () => {
  test.each([
    '{{resolve:secretsmanager:net/keys:SecretString:signing}}',
    '{{resolve:secretsmanager:net/keys:SecretString:signing::}}',
  ])('%s is resolved', (reference) => {
    expect(resolved({ KEY: `<${reference}>` })).toEqual({ KEY: '<signing of net/keys>' });
  });

  test('one that names a version is resolved to that version', () => {
    const reference = '{{resolve:secretsmanager:net/keys:SecretString:signing::0194-v1}}';
    expect(resolved({ KEY: reference })).toEqual({ KEY: 'signing of net/keys in 0194-v1' });
  });

  test.each([
    '{{resolve:ssm:/name}}',
    '{{resolve:secretsmanager:net/keys}}',
    '{{resolve:secretsmanager:net/keys:SecretString:signing:AWSPREVIOUS}}',
  ])('%s is refused', (reference) => {
    expect(() => resolved(reference)).toThrow(`the local cloud does not know the reference ${reference}`);
  });
});
