/**
 * The target of a postback without its secrets, for events and logs: the values of its query are masked, because
 * partners put keys into them. Text that is no URL is masked as a whole.
 */
export function maskedTarget(url: string): string {
  if (!URL.canParse(url)) return 'no URL';
  const { protocol, host, pathname, search } = new URL(url);
  const names = search
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => (parameter.includes('=') ? `${parameter.slice(0, parameter.indexOf('='))}=*` : '*'));
  const target = `${protocol}//${host}${pathname}${names.length > 0 ? `?${names.join('&')}` : ''}`;
  return target.length > charactersMax ? `${target.slice(0, charactersMax)}…` : target;
}

const charactersMax = 500;
