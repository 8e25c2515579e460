/** Links and postbacks seen in the wild, ids changed: each with what it must come to against examples/catalog.yaml. */
interface WildLink {
  readonly link: string;
  readonly type: 'click' | 'impression' | 'conversion';
  /** `TXN` stands for the click's transaction id. */
  readonly location?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const clicks: readonly WildLink[] = [
  {
    link: '/aff_c?offer_id=15&aff_id=145001&url_id=902',
    type: 'click',
    location: 'https://shop.example.com/winter?tid=TXN&page=902',
    fields: { offer_id: 15, aff_id: 145001, url_id: 902, destination: 'alternate' },
  },
  {
    link: '/aff_c?offer_id=488&aff_id=145001&url_id=9356',
    type: 'click',
    location: 'https://play.example.org/android?tid=TXN&gaid=',
    fields: { offer_id: 488, aff_id: 145001, url_id: 9356, destination: 'alternate' },
  },
  {
    link: '/aff_c?offer_id=1500&aff_id=12001',
    type: 'click',
    location: 'https://shop.example.com/?tid=TXN',
    fields: { offer_id: 1500, aff_id: 12001, destination: 'offer', payout: '3.00', revenue: '4.50', currency: 'USD' },
  },
  {
    link: '/aff_c?offer_id=1323&aff_id=200001&source=BLUE',
    type: 'click',
    location: 'https://travel.example.net/deals?tid=TXN&src=BLUE',
    fields: { offer_id: 1323, aff_id: 200001, source: 'BLUE', payout_type: 'cpc', payout: '0.08' },
  },
  {
    link: '/aff_c?offer_id=8&aff_id=1001&url=https%3A%2F%2Fwww.example.com%2Fwomens-clothing%2Fc-msh1014100%3Fcid%3Daf%3Aproducts%3Acps%3A10112016',
    type: 'click',
    location:
      'https://www.example.com/womens-clothing/c-msh1014100?cid=af:products:cps:10112016&tid=TXN&utm_source=network',
    fields: { offer_id: 8, aff_id: 1001, destination: 'deep-link', payout_type: 'cpa_percentage', payout_percent: '8' },
  },
  {
    link: '/aff_c?offer_id=2&aff_id=2001&url=https://www.example.com/rv-rental/phoenix_az/2014_airstream-listing?address=Peoria%2C%20AZ&filter%5Btype%5D=trailer&price%5Bmin%5D=1100&result_number=2',
    type: 'click',
    location:
      'https://www.example.com/rv-rental/phoenix_az/2014_airstream-listing?address=Peoria%2C%20AZ&filter%5Btype%5D=trailer&price%5Bmin%5D=1100&result_number=2',
    fields: { offer_id: 2, aff_id: 2001, destination: 'deep-link', payout_type: 'cpa_both' },
  },
  {
    link: '/aff_c?offer_id=75999&aff_id=10001&aff_sub={user_id}',
    type: 'click',
    location: 'https://play.example.org/reward/%7Buser_id%7D?tid=TXN',
    fields: { offer_id: 75999, aff_id: 10001, aff_sub: '{user_id}' },
  },
  {
    link: '/aff_c?offer_id=191&aff_id=2001&url_id=18',
    type: 'click',
    location: 'https://travel.example.net/spring?tid=TXN',
    fields: { offer_id: 191, aff_id: 2001, url_id: 18 },
  },
  {
    link: '/aff_c?offer_id=3&aff_id=1001&file_id=22&source=TextSt.at',
    type: 'click',
    location: 'https://travel.example.net/text?tid=TXN&file=22',
    fields: { offer_id: 3, aff_id: 1001, file_id: 22, source: 'TextSt.at' },
  },
  {
    link: '/aff_c?offer_id=480&aff_id=48001&file_id=88882&file_id=79365',
    type: 'click',
    location: 'https://shop.example.com/banner?tid=TXN&file=79365&name=banner-728x90.png',
    fields: { offer_id: 480, aff_id: 48001, file_id: 79365 },
  },
  {
    link: '/aff_c?aff_id=143001&offer_id=5024&p=10705&erid=LjN8KHDvg',
    type: 'click',
    location: 'https://shop.example.com/promo?tid=TXN&p=10705&erid=LjN8KHDvg',
    fields: { offer_id: 5024, aff_id: 143001, params: { p: '10705', erid: 'LjN8KHDvg' } },
  },
  {
    link: '/aff_c?aff_id=123001&offer_id=7397&p=adnetwork&aff_sub={clickid}&aff_sub2={campaign_id}&aff_sub3={token1}',
    type: 'click',
    location:
      'https://play.example.org/join?tid=TXN&s1=%7Bclickid%7D&s2=%7Bcampaign_id%7D&s3=%7Btoken1%7D&s4=&s5=&src=',
    fields: { aff_sub: '{clickid}', aff_sub2: '{campaign_id}', aff_sub3: '{token1}', params: { p: 'adnetwork' } },
  },
  {
    link: '/aff_c?aff_id=1001&aff_sub5=wwcn-42&offer_id=3135',
    type: 'click',
    location:
      'https://bank.example.org/open?tid=TXN&offer=SAV-1&name=Savings%20account&partner=coupons&at=2026-11-23%2005%3A04%3A03&own={their_macro}#',
    fields: { offer_id: 3135, aff_id: 1001, aff_sub5: 'wwcn-42', currency: 'EUR' },
  },
  {
    link: '/aff_c?offer_id=82&aff_id=1001&aff_sub=CJ25-54&aff_sub2={var2}&aff_sub3={clickid}',
    type: 'click',
    location: 'https://shop.example.com/spring?tid=TXN&sub=CJ25-54',
    fields: { offer_id: 82, aff_id: 1001, aff_sub: 'CJ25-54', aff_sub2: '{var2}', aff_sub3: '{clickid}' },
  },
];

const clicksOfServers: readonly WildLink[] = [
  {
    link: '/aff_c?&aff_id=2&offer_id=389&format=json',
    type: 'click',
    fields: { offer_id: 389, aff_id: 2 },
  },
  {
    link: '/aff_c?aff_id=2&offer_id=389&aff_click_id=abc-1&aff_sub5=77&aff_unique2=1990-01-01&aff_unique3=a%40example.com&aff_sub2=US&aff_sub4=f&source=widget&format=json',
    type: 'click',
    fields: {
      aff_click_id: 'abc-1',
      aff_sub5: '77',
      aff_unique2: '1990-01-01',
      aff_unique3: 'a@example.com',
      aff_sub2: 'US',
      aff_sub4: 'f',
      source: 'widget',
    },
  },
];

const impressions: readonly WildLink[] = [
  {
    link: '/aff_i?offer_id=15&file_id=162&aff_id=130001',
    type: 'impression',
    fields: { offer_id: 15, aff_id: 130001, file_id: 162, payout: '2.50' },
  },
  {
    link: '/aff_i?offer_id=480&file_id=79365&aff_id=48001&file_id=88882',
    type: 'impression',
    fields: { offer_id: 480, aff_id: 48001, file_id: 88882, payout_type: 'cpm' },
  },
  { link: '/aff_i?offer_id=2&amp;aff_id=1', type: 'impression', fields: { offer_id: 2, aff_id: 1 } },
  {
    link: '/aff_i?offer_id=4&aff_id=1001&source=DemoInstall',
    type: 'impression',
    fields: { offer_id: 4, aff_id: 1001, source: 'DemoInstall' },
  },
];

/** `{transaction_id}` stands for a real one of offer 10 and affiliate 1001; the other tokens stay as they are. */
const conversions: readonly WildLink[] = [
  {
    link: '/aff_lsr?transaction_id={transaction_id}&adv_sub={affiliate_id}&amount={payout}',
    type: 'conversion',
    fields: { adv_sub: '{affiliate_id}', amount_given: '{payout}' },
  },
  {
    link: '/aff_lsr?transaction_id={transaction_id}&security_token=00000000000000000000000000000000',
    type: 'conversion',
    fields: { security_token_hash: '84e0c0eafaa95a34' },
  },
  {
    link: '/aff_lsr?offer_id=10&adv_sub=A-1&transaction_id={transaction_id}&format=json',
    type: 'conversion',
    fields: { posted_offer_id: '10', adv_sub: 'A-1' },
  },
  {
    link: '/aff_lsr?transaction_id={transaction_id}&amount=12.50&adv_sub=42',
    type: 'conversion',
    fields: { amount: '12.50', adv_sub: '42' },
  },
  {
    link: '/aff_goal?a=lsr&goal_id=2&transaction_id={transaction_id}&amount=19.99',
    type: 'conversion',
    fields: { goal_id: 2, amount: '19.99' },
  },
  { link: '/aff_goal?a=lsr&transaction_id={transaction_id}&goal_id=7', type: 'conversion', fields: { goal_id: 7 } },
  {
    link: '/aff_goal?a=lsr&goal_name=Registration&adv_id=5679&transaction_id={transaction_id}',
    type: 'conversion',
    fields: { goal_name: 'Registration', adv_id: '5679' },
  },
  {
    link: '/aff_goal?a=lsr&goal_id=5&transaction_id={transaction_id}&google_aid=38400000-8cf0-11bd-b23e-10b96e40000d&conv_ip=203.0.113.9&mobile_carrier=x&device_os_version=14&device_brand=b&device_model=m&amount=3.5',
    type: 'conversion',
    fields: {
      goal_id: 5,
      google_aid: '38400000-8cf0-11bd-b23e-10b96e40000d',
      conv_ip: '203.0.113.9',
      mobile_carrier: 'x',
      device_os_version: '14',
      device_brand: 'b',
      device_model: 'm',
      amount: '3.5',
    },
  },
];

export const wildLinks = { clicks, clicksOfServers, impressions, conversions };
