import type { TrackRequest } from './decision.ts';

/**
 * Requests that are recorded and redirected but not paid: robots, link previews and prefetches. A robot is a program that
 * names itself in its user agent. In-app browsers of the same companies carry other marks, so their users are people.
 * A list of our own and no library: isbot takes 4.5 us a click, tells no names, and takes mail proxies for robots.
 */

const head = 'HEAD';
const prefetch = 'prefetch';
const noUserAgent = 'no-user-agent';

/** Link previews of chats and social networks. Each word is also the word in the user agent; `^` means at its start. */
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

/** Search engines, indexes, monitors and driven browsers. The words of GoogleImageProxy are left out: a person reads that mail. */
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

/** What programs send when nobody set a user agent. */
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

/** Everybody else who says it. Cubot makes phones. */
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
 * Who asked, when a request is no visit of a person: one of a fixed set of words, never a stranger's text. Robots go
 * first, since a prefetched page may be the one that a person then uses. `librariesCount`: servers and apps ask here too,
 * so library user agents and empty ones are no robots.
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

/** Whether the conversions of such a click wait for a decision: in-app clients are mistaken for robots. */
export function isRobot(previewer: string | undefined): boolean {
  return previewer !== undefined && previewer !== prefetch;
}

/** A person listens to the page that it reads aloud. */
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

/** `prefetch;prerender` is one of Chromium's; Safari and Facebook's app say `preview`. */
const prefetchPurpose = /(?:^|,)\s*(?:prefetch|preview)\b/i;

function prefetchIn(purpose: string): string | undefined {
  return prefetchPurpose.test(purpose) ? prefetch : undefined;
}
