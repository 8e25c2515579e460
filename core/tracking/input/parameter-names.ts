/**
 * The parameters that Keeptrack knows, by kind of link. Events keep all others under `params`. A known name also ends
 * an unencoded `url=https://…?a=b&c=d`.
 */

const numbered = (name: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${name}${from + index}`);

const mobileIds = [
  'google_aid',
  'ios_ifa',
  'ios_ifv',
  'android_id',
  'device_id',
  'mac_address',
  'odin',
  'open_udid',
  'unid',
  'user_id',
  'windows_aid',
];

export const deviceNames: readonly string[] = [
  ...mobileIds.flatMap((name) => [name, `${name}_md5`, `${name}_sha1`]),
  'device_brand',
  'device_model',
  'device_os',
  'device_os_version',
  'mobile_carrier',
];

/** Sub ids: an affiliate adds them to a link and finds them again in reports, macros and postbacks. */
export const affiliateNames: readonly string[] = [
  'source',
  'aff_sub',
  ...numbered('aff_sub', 2, 5),
  'aff_click_id',
  ...numbered('aff_unique', 1, 5),
];

/** The advertiser's own data about a conversion. */
const advertiserNames: readonly string[] = [
  'goal_ref',
  'goal_name',
  'adv_id',
  'adv_sub',
  ...numbered('adv_sub', 2, 5),
  ...numbered('adv_unique', 1, 5),
  'conversion_unique_id',
  'promo_code',
  'conversion_event_datetime',
];

/** Never logged: it belongs to one postback, whose text the event does not hold. */
export const signatureName = 'signature';

/** Known on every path, because unknown parameters are logged as they are. */
export const tokenName = 'security_token';
const everywhere = ['offer_id', 'aff_id', 'format', tokenName];

export const clickNames: ReadonlySet<string> = new Set([
  ...everywhere,
  'url_id',
  'file_id',
  'url',
  ...affiliateNames,
  ...deviceNames,
]);

export const conversionNames: ReadonlySet<string> = new Set([
  ...everywhere,
  'a',
  'transaction_id',
  'goal_id',
  'amount',
  'payout',
  'revenue',
  'status',
  'currency',
  'test',
  signatureName,
  'timestamp',
  ...advertiserNames,
  // Not in `advertiserNames`, because a setting decides how much of an address an event keeps.
  'conv_ip',
  ...deviceNames,
]);

/** The parameters that an event carries as given. */
export const clickFieldNames: ReadonlySet<string> = new Set([...affiliateNames, ...deviceNames]);
export const conversionFieldNames: ReadonlySet<string> = new Set([...advertiserNames, ...deviceNames]);

/** Other spellings of known parameters. */
export const parameterAliases: ReadonlyMap<string, string> = new Map([
  ['aff_sub1', 'aff_sub'],
  ['affiliate_click_id', 'aff_click_id'],
  ...numbered('', 1, 5).map((number): [string, string] => [`affiliate_unique${number}`, `aff_unique${number}`]),
]);
