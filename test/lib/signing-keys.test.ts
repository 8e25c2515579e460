import { expect, test } from 'vitest';
import { configOf, templatesOf } from './templates.ts';

function trackOf(signingKeysVersion: string) {
  const [home] = templatesOf(configOf({ signingKeysVersion }));
  const functions = Object.values(home.findResources('AWS::Lambda::Function'));
  const track = functions.find(({ Properties }) => Properties.FunctionName === 'clicks-track');
  const versions = Object.entries(home.findResources('AWS::Lambda::Version'));
  const logicalIds = versions.map(([logicalId]) => logicalId).sort();
  return { variables: track?.['Properties'].Environment.Variables, logicalIds };
}

test('another version of the keys is another version of the function that signs, and of no other: it will be deployed', () => {
  const [one, other] = ['1', '2'].map((digit) => trackOf(digit.repeat(36)));
  expect(one?.variables.SIGNING_KEY).toBe(
    `{{resolve:secretsmanager:clicks/signing-keys:SecretString:signing::${'1'.repeat(36)}}}`,
  );
  const changed = one?.logicalIds.filter((logicalId) => !other?.logicalIds.includes(logicalId));
  expect(changed).toEqual([expect.stringContaining('Track')]);
});
