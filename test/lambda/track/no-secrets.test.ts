import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { homeFirst } from '../../../core/capture/ladder.ts';
import { readSettings } from '../../../core/config/settings.ts';
import { mintTransactionId, parseSigningKey } from '../../../core/event/transaction-id.ts';
import { decide } from '../../../core/tracking/decide.ts';
import { powertoolsLog } from '../../../lambda/aws/logger.ts';
import { steadyCatalog, type TrackScene, trackScene } from './track-scene.ts';

/** Whatever goes wrong in `track`, neither a signing key nor an advertiser's token may come out of it. */

const signing = 'c0ffee'.repeat(10);
const accepted = 'decade'.repeat(10);
const token = 'the-advertisers-token';
const secrets = [signing, accepted].flatMap((key) => {
  const bytes = Buffer.from(key, 'hex');
  return [key, key.toUpperCase(), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('latin1')];
});

let printed: string[];
beforeEach(() => {
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  }
});
afterEach(() => vi.restoreAllMocks());

type Changes = Parameters<typeof trackScene>[0];

function scene(changes: Changes = {}): TrackScene {
  return trackScene({ keys: { signing, accepted }, log: powertoolsLog('track'), ...changes });
}

function expectNoSecret(...said: readonly unknown[]): void {
  const text = [...printed, JSON.stringify(said)].join('\n');
  for (const secret of [...secrets, token]) expect(text).not.toContain(secret);
}

const click = `/aff_c?offer_id=15&aff_id=2&security_token=${token}`;
const conversion = `/aff_lsr?transaction_id=unknown&security_token=${token}`;
const minted = mintTransactionId(
  { clickedAtMs: 0, region: 'us-east-1', offerId: 15, affiliateId: 2 },
  new Uint8Array(5),
  { signing, accepted },
);
const tampered = `${minted.slice(0, -1)}${minted.endsWith('A') ? 'B' : 'A'}`;

const trips: typeof decide = () => {
  throw new Error('tripped');
};
const tripsOverToken: typeof decide = (asked, context) => {
  if (asked.rawQuery.includes('security_token')) throw new Error('tripped');
  return decide(asked, context);
};

describe('no secret is printed, answered or captured', () => {
  test.each<[string, string, Changes]>([
    ['a good click', click, {}],
    ['a good conversion', `/aff_lsr?transaction_id=${minted}&security_token=${token}`, {}],
    ['a foreign id', conversion, {}],
    ['a tampered id', `/aff_lsr?transaction_id=${tampered}`, {}],
    ['an unknown path', `/nowhere?security_token=${token}`, {}],
    ['a link that is too long', `${click}&x=${'y'.repeat(9_000)}`, {}],
    ['a link that cannot be decided', click, { decide: tripsOverToken }],
    ['one that was escaped for HTML', click.replaceAll('&', '&amp;'), { decide: tripsOverToken }],
    [
      'a token in a link to another page',
      `/aff_c?offer_id=15&aff_id=2&url=https%3A%2F%2Fa.example%2F%3FsecurityToken%3D${token}`,
      {},
    ],
    ['a body that is refused', `/aff_lsr?security-token=${token}&${'x'.repeat(101)}=1`, {}],
    [
      'an error that tells the link',
      conversion,
      {
        decide: ({ rawQuery }) => {
          throw new Error(`tripped over ${rawQuery}`);
        },
      },
    ],
    ['a signature', `/aff_lsr?transaction_id=${minted}&signature=${token}&Signature=${token}&signature[]=${token}`, {}],
    ['a token in capitals', conversion.replace('security_token', 'SECURITY_TOKEN'), {}],
    ['a conversion that cannot be decided', conversion, { decide: trips }],
    ['a capture that trips', click, { capture: () => Promise.reject(new Error('tripped')) }],
    ['a catalog that cannot be refreshed', click, { catalog: steadyCatalog(() => Promise.reject(new Error('no'))) }],
  ])('of %s', async (_, target, changes) => {
    const { request, world } = scene(changes);
    const { headers, body } = await request(target);
    expectNoSecret(headers, body, world.has, world.logged);
  });

  test.each([
    ['a click', click],
    ['a refused conversion', conversion],
  ])('of %s that no rung takes', async (_, target) => {
    const { request, world } = scene();
    for (const rung of homeFirst) world.mood[rung] = 'error';
    const { headers, body } = await request(target);
    expect(printed.join('')).toMatch(/"(unconfirmed|refused)":\{/);
    expectNoSecret(headers, body, world.has, world.logged);
  });

  test('of what is no request at all', async () => {
    expectNoSecret(await scene().track({ signing: true }));
    expect(printed.join('')).toContain('unexpected error');
  });
});

test('a key that is none, or is missing, is named and not said', () => {
  expect(() => parseSigningKey(`${signing}x`)).toThrow(expect.not.stringContaining(signing));
  const environment = { AWS_REGION: 'us-east-1', SIGNING_KEY: signing };
  expect(() => readSettings(environment, ['signingKey', 'acceptedKey'])).toThrow(/^[^:]+: ACCEPTED_KEY$/);
});
