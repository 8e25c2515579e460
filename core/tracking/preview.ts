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
const says = /(?<!cu)bots?(?![a-z])|crawler|spider(?![a-z])|\+https?:/;

interface Program {
  /** The word that the event has. */
  readonly word: string;
  /** The word in lower case, as it is looked for. */
  readonly text: string;
  readonly atStart: boolean;
}

/** Names are looked for one by one: to compile a pattern of all names costs the first click of an environment 2 ms. */
const selfDeclared = [...linkPreviewers, ...robots].map(programOf);
const libraryPrograms = libraries.map(programOf);

function programOf(name: string): Program {
  const text = name.replace(/^\^/, '').toLowerCase();
  return { word: name.replace(/^\^|\/$/g, ''), text, atStart: name.startsWith('^') };
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
  const agent = userAgent.toLowerCase();
  const library = libraryIn(agent);
  const robot = library === undefined ? robotIn(agent) : undefined;
  return (librariesCount ? robot : (library ?? robot)) ?? prefetchIn(purpose);
}

/** Whether conversions of such a click wait for a person's decision. Some in-app browsers look like robots. */
export function isRobot(previewer: string | undefined): boolean {
  return previewer !== undefined && previewer !== prefetch;
}

/** This program reads a page aloud to a person. */
const readsAloud = 'google-read-aloud';

/** The name that comes first in the user agent. `agent`: in lower case. */
function robotIn(agent: string): string | undefined {
  if (agent.includes(readsAloud)) return undefined;
  const generic = says.exec(agent);
  let found = generic === null ? undefined : anyRobot;
  let place = generic?.index ?? agent.length;
  for (const { word, text, atStart } of selfDeclared) {
    const index = agent.indexOf(text);
    if (index < 0 || (atStart && (index > 0 || letter.test(agent.charAt(text.length))))) continue;
    if (index < place || (index === place && found === anyRobot)) [found, place] = [word, index];
  }
  return found;
}

function libraryIn(agent: string): string | undefined {
  if (agent.trim() === '') return noUserAgent;
  return libraryPrograms.find(({ text }) => agent.startsWith(text) && !wordGoesOn.test(agent.charAt(text.length)))
    ?.word;
}

const letter = /[a-z]/;
const wordGoesOn = /[\w-]/;

/** Chromium sends `prefetch` or `prefetch;prerender`. Safari and Facebook's app send `preview`. */
const prefetchPurpose = /(?:^|,)\s*(?:prefetch|preview)\b/i;

function prefetchIn(purpose: string): string | undefined {
  return prefetchPurpose.test(purpose) ? prefetch : undefined;
}
