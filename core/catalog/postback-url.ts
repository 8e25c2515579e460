import { isIPv4 } from 'node:net';
import { isPublicAddress } from '../postbacks/public-address.ts';
import { sendTargetOf } from '../postbacks/send-target.ts';
import { hostOf, urlTemplateProblem } from './url-template.ts';

/** Why the URL of a postback is refused; undefined when it is not. Where its name leads is checked at each attempt. */
export function postbackUrlProblem(url: string): string | undefined {
  const problem = urlTemplateProblem(url);
  if (problem !== undefined) return problem;
  if (url.includes('#')) return 'must not have a #, which no server sees';
  return hostProblem(url) ?? (sendTargetOf(url) ? undefined : 'must have port 80, 443 or one from 1024 on');
}

/** `URL` turns all spellings of an IPv4 address, such as `0x7f.1`, into the usual one. */
function hostProblem(url: string): string | undefined {
  const host = hostOf(url).replace(/\.$/, '');
  if (isIPv4(host)) return isPublicAddress(host) ? undefined : `must have a public address, and ${host} is not`;
  return isLocalName(host) ? `must have a public name, and ${host} is not` : undefined;
}

/** https://www.iana.org/assignments/special-use-domain-names, and names that only a local network knows. */
const localEndings = ['localhost', 'local', 'internal', 'intranet', 'lan', 'home.arpa', 'corp', 'onion', 'invalid'];

function isLocalName(host: string): boolean {
  return !host.includes('.') || localEndings.some((ending) => host.endsWith(`.${ending}`));
}
