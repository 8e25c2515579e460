import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captured, locationOf } from './ask.ts';

const link = '/aff_c?offer_id=1323&aff_id=200001';

function clickBy(userAgent: string, more = '') {
  return captured(link + more, { userAgent });
}

const named = [
  ['facebookexternalhit', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'],
  [
    'facebookexternalhit',
    'Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  ],
  ['Twitterbot', 'Twitterbot/1.0'],
  ['Slackbot-LinkExpanding', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
  ['WhatsApp', 'WhatsApp/2.23.20.0 A'],
  ['TelegramBot', 'TelegramBot (like TwitterBot)'],
  ['LinkedInBot', 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)'],
  ['Discordbot', 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)'],
  ['SkypeUriPreview', 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5'],
  ['Viber', 'Viber/13.3.0.8 CFNetwork/1121.2.2 Darwin/19.3.0'],
  ['ViberUrlDownloader', 'Mozilla/5.0 (Windows NT 6.1; WOW64) ViberUrlDownloader'],
  ['Mattermost', 'Mattermost-Bot/1.1'],
  ['Mattermost', 'mattermost-5.39.0'],
  ['Mastodon', 'Mastodon/4.2.1 (http.rb/5.1.1; +https://mastodon.example/)'],
  ['Googlebot', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
  ['Googlebot', 'GOOGLEBOT'],
  ['AdsBot-Google', 'AdsBot-Google (+http://www.google.com/adsbot.html)'],
  ['bingbot', 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0 Safari/537.36'],
  ['AhrefsBot', 'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)'],
  ['Yahoo! Slurp', 'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)'],
  ['UptimeRobot', 'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)'],
  ['HeadlessChrome', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36'],
  ['Yeti', 'Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)'],
  ['robot', 'Mozilla/5.0 (compatible; NobodyKnowsBot/3.1)'],
  ['robot', 'web crawler'],
  ['robot', 'some-spider/1'],
  ['robot', 'Mozilla/5.0 (compatible; Thing/1.0; +https://thing.example/)'],
] as const;

const libraries = [
  ['no-user-agent', ''],
  ['no-user-agent', '  '],
  ['curl', 'curl/8.5.0'],
  ['Wget', 'Wget/1.21.4'],
  ['python-requests', 'python-requests/2.31.0'],
  ['Python-urllib', 'Python-urllib/3.11'],
  ['Python', 'Python/3.11 aiohttp/3.8.4'],
  ['Go-http-client', 'Go-http-client/2.0'],
  ['okhttp', 'okhttp/4.9.0'],
  ['Java', 'Java/17.0.2'],
  ['Java-http-client', 'Java-http-client/17.0.2'],
  ['Apache-HttpClient', 'Apache-HttpClient/4.5.13 (Java/1.8.0_292)'],
  ['axios', 'axios/1.6.2'],
  ['node-fetch', 'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)'],
  ['node', 'node'],
  ['libwww-perl', 'libwww-perl/6.67'],
  ['GuzzleHttp', 'GuzzleHttp/7'],
] as const;

describe('a robot', () => {
  test.each([...named, ...libraries])(
    '%s is redirected, recorded by its name, and nobody is paid: %s',
    (name, agent) => {
      const { type, fields, reply } = clickBy(agent);
      expect(type).toBe('preview');
      expect(fields).toMatchObject({ preview_by: name, offer_id: 1323, destination: 'offer' });
      expect(fields).not.toHaveProperty('visitor');
      expect(reply).toMatchObject({ status: 302 });
    },
  );

  test.each(named)('%s that asks for JSON is a robot still', (name, agent) => {
    expect(clickBy(agent, '&format=json').fields).toMatchObject({ preview_by: name });
  });

  test.each(named)('%s makes no impression: %s', (name, userAgent) => {
    const { type, fields, reply } = captured('/aff_i?offer_id=15&aff_id=1001', { userAgent });
    expect({ type, by: fields['preview_by'], status: reply.status }).toEqual({
      type: 'preview',
      by: name,
      status: 200,
    });
    expect(fields).not.toHaveProperty('visitor');
  });

  test.each(libraries)('may be a server where servers ask, %s with format=json: %s', (_name, agent) => {
    expect(clickBy(agent, '&format=json').type).toBe('click');
  });

  test.each(libraries)('may be an app that shows an ad, %s: %s', (_name, userAgent) => {
    expect(captured('/aff_i?offer_id=15&aff_id=1001', { userAgent }).type).toBe('impression');
  });

  test('is recorded under a known word, whatever it calls itself', () => {
    const words = new Set<unknown>([...named, ...libraries].map(([name]) => name));
    const parts = fc.constantFrom('bot', 'Bot/', 'crawler', 'spider', 'curl', '(', ' ', '/1', 'x', 'Mozilla/5.0', '\n');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (agent) => {
        const { preview_by: by } = clickBy(agent.join('')).fields;
        expect(by === undefined || words.has(by)).toBe(true);
      }),
    );
  });

  test('that asks with HEAD is redirected without a body', () => {
    const preview = captured('/aff_c?offer_id=999&aff_id=1001&format=json', { method: 'HEAD' });
    expect(preview).toMatchObject({
      type: 'preview',
      fields: { preview_by: 'HEAD' },
      reply: { status: 404, body: '' },
    });
    expect(locationOf(captured('/aff_c?offer_id=1500&aff_id=1001', { method: 'HEAD' }))).toContain('shop.example.com');
  });
});

describe('a person', () => {
  test.each([
    'Mozilla/5.0',
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 [FBAN/FBIOS;FBAV/440.0.0.0;FBDV/iPhone14,5]',
    'Mozilla/5.0 (Linux; Android 7.0) AppleWebKit/537.36 (KHTML, like Gecko; Google-Read-Aloud; +https://support.google.com/webmasters/answer/1061943) Chrome/118.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/118.0 Mobile Safari/537.36 [Pinterest/Android]',
    'Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Chrome/118.0 Mobile Safari/537.36 Instagram 309.1.0.41.113 Android',
    'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 Safari Line/13.18.1',
    'Mozilla/5.0 (Linux; Android 9; wv) AppleWebKit/537.36 Version/4.0 Chrome/64.0 Mobile Safari/537.36 Viber/13.1.0.4',
    'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 WhatsApp/2.24.1',
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Electron/28.1.1 Safari/537.36 Mattermost/5.7.0',
    'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Twitter for iPhone/10.0',
    'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 [LinkedInApp]/9.28',
    'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 GSA/277.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/94.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    'Opera/9.80 (Android; Opera Mini/36.2/119.132; U; id) Presto/2.12.423 Version/12.16',
  ])('in an app’s own browser counts like any visitor: %s', (userAgent) => {
    expect(clickBy(userAgent)).toMatchObject({ type: 'click', fields: { visitor: expect.any(String) } });
    expect(captured('/aff_i?offer_id=15&aff_id=1001', { userAgent }).type).toBe('impression');
  });
});

describe('a prefetch', () => {
  test.each([
    'prefetch',
    'prefetch;prerender',
    'prefetch;anonymous-client-ip',
    'Prefetch',
    'preview',
    'other,prefetch',
    'other, preview',
  ])('is redirected and not paid: %s', (purpose) => {
    const { type, fields, reply } = captured(link, { purpose });
    expect(type).toBe('preview');
    expect(fields).toMatchObject({ preview_by: 'prefetch' });
    expect(fields).not.toHaveProperty('visitor');
    expect(reply.status).toBe(302);
    expect(captured('/aff_i?offer_id=15&aff_id=1001', { purpose }).type).toBe('preview');
  });

  test.each(['', 'navigate', 'prefetching', 'no-prefetch'])('is not assumed for another purpose: "%s"', (purpose) => {
    expect(captured(link, { purpose }).type).toBe('click');
  });

  test('by a robot is recorded as the robot’s', () => {
    expect(captured(link, { purpose: 'prefetch', userAgent: 'Googlebot/2.1' }).fields).toMatchObject({
      preview_by: 'Googlebot',
    });
  });
});

describe('a conversion', () => {
  function conversionOf(request: Parameters<typeof captured>[1], more = '') {
    const txn = captured('/aff_c?offer_id=10&aff_id=1001', request).fields['txn'];
    const {
      status,
      pending_for: pendingFor,
      click_region: region,
    } = captured(`/aff_lsr?transaction_id=${txn}${more}`).fields;
    return { status, pendingFor, region };
  }
  const waiting = { status: 'pending', pendingFor: 'robot-click', region: 'us-west-2' };

  test.each(['Googlebot/2.1', 'curl/8.5.0', '', 'WhatsApp/2.23.20.0 A'])(
    'of a robot’s click waits: "%s"',
    (userAgent) => {
      expect(conversionOf({ userAgent })).toEqual(waiting);
      expect(conversionOf({ userAgent }, '&status=approved')).toEqual(waiting);
      expect(conversionOf({ userAgent }, '&status=pending')).toEqual(waiting);
      expect(conversionOf({ userAgent }, '&status=rejected')).toMatchObject({ status: 'rejected' });
    },
  );

  test('of a HEAD request waits', () => {
    expect(conversionOf({ method: 'HEAD' })).toEqual(waiting);
  });

  test('of a prefetched page counts, because the visitor may have used that page', () => {
    expect(conversionOf({ purpose: 'prefetch' })).toEqual({ ...waiting, status: 'approved', pendingFor: undefined });
  });

  test('is never judged by its user agent, because libraries send most of them', () => {
    const txn = captured('/aff_c?offer_id=10&aff_id=1001').fields['txn'];
    const sent = captured(`/aff_lsr?transaction_id=${txn}`, { userAgent: 'curl/8.5.0', purpose: 'prefetch' });
    expect(sent).toMatchObject({ type: 'conversion', fields: { status: 'approved' } });
  });
});
