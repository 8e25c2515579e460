import type { TrackRequest } from './decision.ts';

/**
 * Who fetches a link to show what is behind it, in a chat or a post, before anybody clicked. Only programs that say so
 * in their user agent and that no person browses with: the in-app browsers of the same companies carry other marks.
 */
const previewers = [
  // Before Twitterbot, which it says it is like.
  'TelegramBot',
  'facebookexternalhit',
  'Facebot',
  'meta-externalagent',
  'meta-externalfetcher',
  'Twitterbot',
  'Slackbot-LinkExpanding',
  'Slackbot',
  'Slack-ImgProxy',
  'WhatsApp/',
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
  'Mastodon/',
  'Bluesky Cardyb',
  'Embedly',
  'Iframely',
] as const;

/** `HEAD`, the name of the program, or nothing when a person seems to be there. */
export function previewedBy({ method, userAgent }: TrackRequest): string | undefined {
  if (method === 'HEAD') return 'HEAD';
  const lowerCase = userAgent.toLowerCase();
  return previewers.find((name) => lowerCase.includes(name.toLowerCase()))?.replace(/\/$/, '');
}
