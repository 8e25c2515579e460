import { describe, expect, test } from 'vitest';
import { verifyTransactionId } from '../../../core/event/transaction-id.ts';
import { captured, keys, locationOf, nowMs, sampleCatalog } from './ask.ts';
import { wildLinks } from './links-in-the-wild.ts';

describe('clicks seen in the wild', () => {
  test.each(wildLinks.clicks)('$link', ({ link, type, location, fields }) => {
    const click = captured(link);
    expect(click.type).toBe(type);
    expect(click.fields).toMatchObject({ catalog: sampleCatalog.version, ...fields });
    expect(click.fields).not.toHaveProperty('reason');
    expect(click.reply.status).toBe(302);
    expect(locationOf(click)).toBe(location?.replace('TXN', String(click.fields['txn'])));
  });

  test.each(wildLinks.clicks)('$link hands out an id that names its offer and affiliate', ({ link }) => {
    const { txn, offer_id, aff_id } = captured(link).fields;
    expect(verifyTransactionId(String(txn), keys)).toMatchObject({
      kind: 'valid',
      offerId: offer_id,
      affiliateId: aff_id,
      region: 'us-west-2',
      clickedAtMs: Math.floor(nowMs / 1_000) * 1_000,
    });
  });

  test.each(wildLinks.clicksOfServers)('$link answers the transaction id', ({ link, type, fields }) => {
    const click = captured(link);
    expect(click.type).toBe(type);
    expect(click.fields).toMatchObject(fields);
    expect(click.reply.status).toBe(200);
    expect(JSON.parse(click.reply.body)).toMatchObject({ success: true, transaction_id: click.fields['txn'] });
  });
});

test.each(wildLinks.impressions)('impression seen in the wild: $link', ({ link, type, fields }) => {
  const impression = captured(link);
  expect(impression.type).toBe(type);
  expect(impression.fields).toMatchObject(fields);
  expect(impression.fields).not.toHaveProperty('reason');
  expect(impression.reply.headers['content-type']).toBe('image/gif');
});

describe('postbacks seen in the wild', () => {
  const txn = String(captured('/aff_c?offer_id=10&aff_id=1001').fields['txn']);

  test.each(wildLinks.conversions)('$link', ({ link, type, fields }) => {
    const conversion = captured(link.replace('{transaction_id}', txn));
    expect(conversion.type).toBe(type);
    expect(conversion.fields).toMatchObject({ txn, offer_id: 10, aff_id: 1001, click_region: 'us-west-2', ...fields });
    expect(conversion.fields).toMatchObject({ currency: 'EUR', payout: '30.00', revenue: '45.00' });
    expect(conversion.fields).not.toHaveProperty('reason');
    expect(conversion.reply.status).toBe(200);
    expect(conversion.reply.body).toBe(link.includes('format=json') ? '{"success":true}' : 'success=true;');
  });

  test.each(wildLinks.conversions)('$link, its macro not expanded, is answered the same', ({ link }) => {
    const conversion = captured(link);
    expect(conversion.fields).toMatchObject({ txn: '{transaction_id}', reason: 'transaction-foreign' });
    expect(conversion.fields).not.toHaveProperty('aff_id');
    expect(conversion.reply.status).toBe(200);
  });
});
