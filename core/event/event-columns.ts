import { affiliateNames, deviceNames } from '../tracking/input/parameter-names.ts';

/**
 * All fields of an event line with their types: the contract between the writers and the readers of the log. A line
 * only has the fields of its event. Lines of earlier releases lack newer fields. Readers keep unknown fields.
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
  // An erasure removed from the event what identifies a person.
  ...columns('flag', ['redacted']),
  ...columns('time', ['at']),
  ...columns('text', ['region', 'env']),
  // The tracking name that was asked, and whether the request came in over port 80.
  ...columns('text', ['host']),
  ...columns('flag', ['over_http']),
  ...columns('whole', ['rules', 'seq', 'captured_before']),
  // Who is credited for what. A conversion has the offer and the affiliate of its transaction id; aff_id 0 is nobody.
  // An absent goal_id means the offer's default goal.
  ...columns('whole', ['offer_id', 'aff_id', 'redirect_offer_id', 'goal_id', 'url_id', 'file_id']),
  ...columns('text', ['txn', 'reason', 'destination', 'deep_link_refused', 'preview_by']),
  ...columns('text', ['url', ...affiliateNames]),
  // A conversion's own status (approved, pending or rejected), not the posted one. Repeated reports have the same key.
  ...columns('text', ['status', 'pending_for', 'conversion_key']),
  // What is unclear about the money, also when the conversion waits for something else first.
  ...columns('text', ['money_wait']),
  // Whose offer it is, where `unique_id_scope: network` gives conversions of several advertisers one key.
  ...columns('whole', ['advertiser_id']),
  ...columns('flag', ['test']),
  ...columns('time', ['click_at']),
  ...columns('text', ['click_region']),
  // Of a click: its offer pays the first click of a visitor only.
  ...columns('flag', ['pay_unique']),
  // Whether the sender of a postback proved to be the advertiser: `proven` or `unproven`. Absent for refused senders.
  ...columns('text', ['sender']),
  // The word of an operator (core/conversions/operator-events.ts), and who signed it.
  ...columns('text', ['conversion_id', 'verdict', 'reference', 'day']),
  ...columns('time', ['day_at']),
  ...columns('text', ['from', 'to', 'time_zone', 'statement', 'note', 'note_hash', 'operator', 'signature']),
  // An attempt to tell a partner of a conversion (core/postbacks/attempt-event.ts).
  ...columns('whole', ['postback_id', 'attempt', 'http_status', 'duration_ms']),
  ...columns('text', ['firing', 'method', 'target', 'outcome']),
  ...columns('time', ['next_at']),
  // The terms at capture: posted ones where the catalog allows them, else the goal's, else the offer's. `terms` says
  // `affiliate` when payout or revenue are those of the affiliate alone.
  ...columns('text', ['catalog', 'terms', 'currency', 'payout_type']),
  ...columns('decimal', ['payout', 'payout_percent']),
  ...columns('text', ['revenue_type']),
  ...columns('decimal', ['revenue', 'revenue_percent', 'amount']),
  // The cap that kept a click from its offer. The hard caps that hold for the event (core/caps/stamped-caps.ts), whether
  // they count all goals, and `pending` where a conversion above them waits.
  ...columns('text', ['cap', 'caps']),
  ...columns('flag', ['caps_count_goals']),
  ...columns('text', ['over_cap']),
  // The advertiser's own data about a conversion.
  ...columns('text', ['goal_ref', 'goal_name', 'adv_id', 'adv_sub', 'adv_sub2', 'adv_sub3', 'adv_sub4', 'adv_sub5']),
  ...columns('text', ['adv_unique1', 'adv_unique2', 'adv_unique3', 'adv_unique4', 'adv_unique5']),
  ...columns('text', ['conversion_unique_id', 'promo_code', 'conversion_event_datetime', 'conv_ip']),
  // Posted values of things that the signed transaction id, the offer or the advertiser's account decides.
  ...columns('text', ['posted_offer_id', 'posted_aff_id', 'posted_payout', 'posted_revenue', 'posted_status']),
  ...columns('text', ['posted_currency', 'posted_timestamp']),
  // The text as given, where it differs from the value that Keeptrack read from it, or where it has no value.
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
  // The visitor: a mark that is unique for address and user agent within one day of the network's time zone, and the
  // parts of both that are kept.
  ...columns('text', ['visitor', 'ip', 'user_agent', 'referer', ...deviceNames, 'security_token_hash']),
  ...columns('json', ['params']),
  ...columns('flag', ['cut', 'undecided']),
  ...columns('text', ['raw_query']),
];
