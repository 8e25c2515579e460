const templateCharactersMax = 2_048;

/** Schemes of links that open an app or its page in a store. An offer must list those that its URLs have. */
export const appSchemes = ['market', 'itms-apps', 'intent'] as const;
export type AppScheme = (typeof appSchemes)[number];

/** Undefined for a URL of any other scheme. */
export function appSchemeOf(url: string): AppScheme | undefined {
  return appSchemes.find((scheme) => url.startsWith(`${scheme}://`));
}

/** Why the page of an offer, a web URL or an app link, is refused; undefined when it is not. */
export function pageUrlProblem(url: string): string | undefined {
  const scheme = appSchemeOf(url);
  if (scheme === undefined) return urlTemplateProblem(url);
  const host = /^[a-z-]+:\/\/([^/?#]*)/.exec(url)?.[1] ?? '';
  if (!/^[a-z0-9.-]+$/i.test(host)) return 'must have a host of letters, digits, dots and hyphens, without a macro';
  return characterProblem(url) ?? (scheme === 'intent' ? intentProblem(url) : undefined);
}

/**
 * Why a URL with macros is refused; undefined when it is not. Its host must not contain a macro: the author of a link
 * could otherwise choose where visitors go.
 */
export function urlTemplateProblem(url: string): string | undefined {
  const authority = /^https?:\/\/([^/?#\\]*)/.exec(url)?.[1];
  if (authority === undefined || authority === '') return 'must be an http or https URL';
  if (authority.includes('{')) return 'must not have a macro in its host';
  if (authority.includes('@')) return 'must not have a user name or password in it';
  if (!/^[a-z0-9.-]+(:\d{1,5})?$/i.test(authority) || !URL.canParse(url)) {
    return 'must have a host of letters, digits, dots and hyphens (write other alphabets in Punycode)';
  }
  return characterProblem(url);
}

function characterProblem(url: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(url)) return 'must not contain spaces, control characters or backslashes';
  if (url.length > templateCharactersMax) return `must have at most ${templateCharactersMax} characters`;
  return undefined;
}

/** Whoever has no such app goes to the fallback. https://developer.chrome.com/docs/android/intents */
function intentProblem(url: string): string | undefined {
  const fields = /#Intent;(.*);end$/.exec(url)?.[1]?.split(';');
  if (fields === undefined) return 'must end with #Intent;…;end';
  if (fields.some((field) => !field.startsWith('S.') && field.includes('{')))
    return 'must not have a macro behind #Intent; other than in the value of a field S.…';
  const scheme = fields.find((field) => field.startsWith('scheme='))?.slice('scheme='.length);
  if (scheme && /^(javascript|data|file|content)$/i.test(scheme)) return `must not have the scheme ${scheme}`;
  const fallback = decoded(fields.find((field) => field.startsWith(fallbackField))?.slice(fallbackField.length));
  return fallback?.startsWith('https://') && urlTemplateProblem(fallback) === undefined
    ? undefined
    : 'must have an https URL in S.browser_fallback_url, encoded once, for visitors without the app';
}

/** The field of an `intent:` link with the page for visitors without the app. */
export const fallbackField = 'S.browser_fallback_url=';

function decoded(value = ''): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** The host of a URL that `urlTemplateProblem` accepts. */
export function hostOf(url: string): string {
  return new URL(url).hostname;
}
