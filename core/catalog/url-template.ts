const templateCharactersMax = 2_048;

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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(url)) return 'must not contain spaces, control characters or backslashes';
  if (url.length > templateCharactersMax) return `must have at most ${templateCharactersMax} characters`;
  return undefined;
}

/** The host of a URL that `urlTemplateProblem` accepts. */
export function hostOf(url: string): string {
  return new URL(url).hostname;
}
