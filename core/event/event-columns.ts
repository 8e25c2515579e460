import { affiliateNames, deviceNames } from '../tracking/input/parameter-names.ts';

/**
 * What stands on an event's line, by name and type: the contract between those who capture and those who read. A line
 * has those that its event has; lines of earlier releases lack the newer ones, and unknown ones are kept.
 */

/** `decimal` is exact decimal text on the line; `time` is milliseconds since the epoch. */
export type ColumnType = 'text' | 'whole' | 'time' | 'decimal' | 'flag' | 'json';

export interface EventColumn {
  readonly name: string;
  readonly type: ColumnType;
}

function columns(type: ColumnType, names: readonly string[]): readonly EventColumn[] {
  return names.map((name) => ({ name, type }));
}

export const eventColumns: readonly EventColumn[] = [
  ...columns('whole', ['v']),
  ...columns('text', ['id', 'type']),
  // An erasure took out of the event what identifies a person.
  ...columns('flag', ['redacted']),
  ...columns('time', ['at']),
  ...columns('text', ['region', 'env']),
  ...columns('whole', ['seq', 'captured_before']),
  // Who is credited, and by what. On a conversion offer and affiliate are those of its transaction id, aff_id 0 is
  // nobody, and goal_id is the goal that was resolved: absent means the offer's default goal.
  ...columns('whole', ['offer_id', 'aff_id', 'redirect_offer_id', 'goal_id', 'url_id', 'file_id']),
  ...columns('text', ['txn', 'reason', 'destination', 'deep_link_refused', 'preview_by']),
  ...columns('text', ['url', ...affiliateNames]),
  // Of a conversion: approved, pending or rejected, whatever was posted; by its key the same one is recognised again.
  ...columns('text', ['status', 'pending_for', 'conversion_key']),
  ...columns('flag', ['test']),
  ...columns('time', ['click_at']),
  ...columns('text', ['click_region']),
  // The terms that held at capture, those of the goal or posted ones in place of the offer's where they hold.
  ...columns('text', ['catalog', 'currency', 'payout_type']),
  ...columns('decimal', ['payout', 'payout_percent']),
  ...columns('text', ['revenue_type']),
  ...columns('decimal', ['revenue', 'revenue_percent', 'amount']),
  // What an advertiser says.
  ...columns('text', ['goal_ref', 'goal_name', 'adv_id', 'adv_sub', 'adv_sub2', 'adv_sub3', 'adv_sub4', 'adv_sub5']),
  ...columns('text', ['adv_unique1', 'adv_unique2', 'adv_unique3', 'adv_unique4', 'adv_unique5']),
  ...columns('text', ['conversion_unique_id', 'promo_code', 'conversion_event_datetime', 'conv_ip']),
  // What a postback says that the signed id, the offer or the advertiser's account decides.
  ...columns('text', ['posted_offer_id', 'posted_aff_id', 'posted_payout', 'posted_revenue', 'posted_status']),
  ...columns('text', ['posted_currency']),
  // The text that was given, where it differs from what was understood, or where nothing was.
  ...columns('text', [
    'url_given',
    'offer_id_given',
    'aff_id_given',
    'url_id_given',
    'file_id_given',
    'goal_id_given',
    'txn_given',
    'amount_given',
    'posted_payout_given',
    'posted_revenue_given',
    'posted_status_given',
    'test_given',
  ]),
  // The visitor: unique by IP and user agent within one UTC day, and as much of either as is kept.
  ...columns('text', ['visitor', 'ip', 'user_agent', 'referer', ...deviceNames, 'security_token_hash']),
  ...columns('json', ['params']),
  ...columns('flag', ['cut', 'undecided']),
  ...columns('text', ['raw_query']),
];
