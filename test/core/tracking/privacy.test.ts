import { describe, expect, test } from 'vitest';
import type { Privacy } from '../../../core/event/privacy.ts';
import { captured } from './ask.ts';

const sparing: Privacy = { clientAddress: 'truncated', userAgent: 'truncated' };
const nothing: Privacy = { clientAddress: 'none', userAgent: 'none' };
const request = { ip: '203.0.113.7', userAgent: 'WhatsApp/2.24.1 (x; y; z)' };

describe.each([
  ['a click', '/aff_c?offer_id=15&aff_id=145001'],
  ['an impression', '/aff_i?offer_id=15&aff_id=145001'],
  ['a conversion', '/aff_lsr?transaction_id=x'],
])('%s', (_, link) => {
  test('keeps as much of its visitor as the config says', () => {
    expect(captured(link, request).fields).toMatchObject({ ip: '203.0.113.7', user_agent: request.userAgent });
    expect(captured(link, request, { privacy: sparing }).fields).toMatchObject({
      ip: '203.0.113.0',
      user_agent: 'WhatsApp/2 (x; y)',
    });
  });

  test('keeps nothing of its visitor anywhere when the config says so', () => {
    const { fields } = captured(link, request, { privacy: nothing });
    expect(JSON.stringify(fields)).not.toMatch(/203\.0\.113|WhatsApp\/2/);
  });
});

test('the address that an advertiser reports is treated like the visitor’s own', () => {
  const link = '/aff_lsr?transaction_id=x&conv_ip=198.51.100.77';
  expect(captured(link).fields).toMatchObject({ conv_ip: '198.51.100.77' });
  expect(captured(link, {}, { privacy: sparing }).fields).toMatchObject({ conv_ip: '198.51.100.0' });
  expect(captured(link, {}, { privacy: nothing }).fields).not.toHaveProperty('conv_ip');
});

test('a link preview is recognised though its user agent is not kept', () => {
  const { type, fields } = captured('/aff_c?offer_id=15&aff_id=145001', request, { privacy: nothing });
  expect([type, fields['preview_by']]).toEqual(['preview', 'WhatsApp']);
});
