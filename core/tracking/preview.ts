import type { TrackRequest } from './decision.ts';

/**
 * Finds requests that are recorded and redirected but not paid: robots, link previews and prefetches. A robot is a
 * program that names itself in its user agent. In-app browsers of the same companies have other words, so their users
 * count. The library isbot is not used: it takes 4.5 us a click, gives no names, and takes mail proxies for robots.
 */

const head = 'HEAD';
const prefetch = 'prefetch';
const noUserAgent = 'no-user-agent';

/** Words in the user agents of chats and social networks that fetch previews. `^` means at the start. */
const linkPreviewers = [
  'facebookexternalhit',
  'Facebot',
  'facebookcatalog',
  'meta-externalagent',
  'meta-externalfetcher',
  'Twitterbot',
  'TelegramBot',
  'Slackbot-LinkExpanding',
  'Slackbot',
  'Slack-ImgProxy',
  '^WhatsApp',
  'LinkedInBot',
  'Discordbot',
  'SkypeUriPreview',
  'MicrosoftPreview',
  'BingPreview',
  'Google-PageRenderer',
  'Pinterestbot',
  'redditbot',
  'vkShare',
  'kakaotalk-scrap',
  'Snap URL Preview Service',
  '^Mastodon',
  'Bluesky Cardyb',
  'Embedly',
  'Iframely',
  'ViberUrlDownloader',
  '^Viber',
  '^Mattermost',
];

/** Search engines, indexes, monitors and automated browsers. Not GoogleImageProxy: a person reads that mail. */
const robots = [
  'AdsBot-Google',
  'Mediapartners-Google',
  'Storebot-Google',
  'Google-InspectionTool',
  'Google-Site-Verification',
  'FeedFetcher-Google',
  'APIs-Google',
  'GoogleOther',
  'Googlebot',
  'adidxbot',
  'bingbot',
  'msnbot',
  'Applebot',
  'YandexBot',
  'Baiduspider',
  'DuckDuckBot',
  'Sogou web spider',
  'Yeti/',
  'Yahoo! Slurp',
  'AhrefsBot',
  'AhrefsSiteAudit',
  'SemrushBot',
  'MJ12bot',
  'DotBot',
  'DataForSeoBot',
  'Screaming Frog SEO Spider',
  'PetalBot',
  'Bytespider',
  'Amazonbot',
  'GPTBot',
  'ChatGPT-User',
  'OAI-SearchBot',
  'ClaudeBot',
  'CCBot',
  'PerplexityBot',
  'archive.org_bot',
  'ia_archiver',
  'UptimeRobot',
  'Pingdom',
  'StatusCake',
  'Site24x7',
  'DatadogSynthetics',
  'Amazon-Route53-Health-Check-Service',
  'ELB-HealthChecker',
  'Chrome-Lighthouse',
  'HeadlessChrome',
  'PhantomJS',
  'Scrapy',
];

/** Default user agents of HTTP libraries. */
const libraries = [
  'curl',
  'Wget',
  'HTTPie',
  'python-requests',
  'python-httpx',
  'Python-urllib',
  'Python',
  'Go-http-client',
  'okhttp',
  'Java-http-client',
  'Java',
  'Apache-HttpClient',
  'Apache-HttpAsyncClient',
  'ReactorNetty',
  'axios',
  'node-fetch',
  'node-superagent',
  'undici',
  'node',
  'Deno',
  'Bun',
  'got',
  'libwww-perl',
  'LWP',
  'Ruby',
  'rest-client',
  'Faraday',
  'http.rb',
  'GuzzleHttp',
  'Symfony HttpClient',
  'PHP',
  'PostmanRuntime',
  'insomnia',
  'RestSharp',
  'WinHttp',
  'Dart',
  'reqwest',
  'aiohttp',
  'colly',
];

/** All other user agents that call themselves a robot. Cubot is a brand of phones. */
const anyRobot = 'robot';
const says = '(?<!cu)bots?(?![a-z])|crawler|spider(?![a-z])|\\+https?:';

const selfDeclared = [...linkPreviewers, ...robots];
const robotPattern = new RegExp(`${selfDeclared.map(pattern).join('|')}|${says}`, 'i');
const libraryPattern = new RegExp(`^(?:${libraries.map(escaped).join('|')})(?![\\w-])`, 'i');
const words: ReadonlyMap<string, string> = new Map(
  [...selfDeclared, ...libraries].map((name) => {
    const word = name.replace(/^\^|\/$/g, '');
    return [word.toLowerCase(), word];
  }),
);

function pattern(name: string): string {
  return name.startsWith('^') ? `^${escaped(name.slice(1))}(?![a-z])` : escaped(name);
}

function escaped(text: string): string {
  return text.replace(/[.!]/g, '\\$&');
}

/**
 * Who sent a request that is no visit of a person: one of a fixed set of words, never text of a stranger. Undefined for
 * a person. Robots come before prefetches, because a person may use the prefetched page later. With `librariesCount`
 * servers and apps are expected too, so user agents of libraries and empty ones count as people.
 */
export function previewerOf(
  { method, userAgent, purpose = '' }: TrackRequest,
  { librariesCount }: { readonly librariesCount: boolean },
): string | undefined {
  if (method === 'HEAD') return head;
  const library = libraryIn(userAgent);
  const robot = library === undefined ? robotIn(userAgent) : undefined;
  return (librariesCount ? robot : (library ?? robot)) ?? prefetchIn(purpose);
}

/** Whether conversions of such a click wait for a person's decision. Some in-app browsers look like robots. */
export function isRobot(previewer: string | undefined): boolean {
  return previewer !== undefined && previewer !== prefetch;
}

/** This program reads a page aloud to a person. */
const readsAloud = 'Google-Read-Aloud';

function robotIn(userAgent: string): string | undefined {
  if (userAgent.includes(readsAloud)) return undefined;
  return nameIn(robotPattern.exec(userAgent));
}

function libraryIn(userAgent: string): string | undefined {
  return userAgent.trim() === '' ? noUserAgent : nameIn(libraryPattern.exec(userAgent));
}

function nameIn(found: RegExpExecArray | null): string | undefined {
  return found === null ? undefined : (words.get(found[0].replace(/\/$/, '').toLowerCase()) ?? anyRobot);
}

/** Chromium sends `prefetch` or `prefetch;prerender`. Safari and Facebook's app send `preview`. */
const prefetchPurpose = /(?:^|,)\s*(?:prefetch|preview)\b/i;

function prefetchIn(purpose: string): string | undefined {
  return prefetchPurpose.test(purpose) ? prefetch : undefined;
}
