import type { PostbackFailure, PostbackOutcome, PostbackRefusal } from '../../../core/postbacks/outcome.ts';
import { ageText } from '../../cli/format.ts';

/** How an attempt ended, in one line: `delivered: HTTP 200 after 120 ms`. */
export function outcomeText(outcome: PostbackOutcome): string {
  const after = `after ${outcome.ms} ms`;
  if (outcome.kind === 'delivered') return `delivered: HTTP ${outcome.status} ${after}`;
  if (outcome.kind === 'refused') return `not sent: ${refusals[outcome.why]}`;
  const { why, status, retryAfterSeconds } = outcome;
  const wait = retryAfterSeconds === undefined ? '' : `; the partner asks to wait ${ageText(retryAfterSeconds)}`;
  return `failed: ${why === 'status' ? `HTTP ${status}` : failures[why]} ${after}${wait}`;
}

const refusals: Readonly<Record<PostbackRefusal, string>> = {
  'bad-url': 'the URL is no http or https URL that Keeptrack calls',
  'url-too-long': 'the URL with the values of its macros is too long',
  'private-address':
    'the name or a redirect leads to an address that is not public, and Keeptrack calls public ones alone',
  'too-many-redirects': 'the partner redirects too often',
  'bad-redirect': 'the partner redirects to something that Keeptrack does not call, such as from https to http',
};

const failures: Readonly<Record<Exclude<PostbackFailure, 'status'>, string>> = {
  'no-address': 'the name has no address',
  'dns-failed': 'DNS gives no answer for the name',
  'connection-refused': 'the server refuses connections',
  unreachable: 'the server cannot be reached',
  'connection-lost': 'the server closed the connection without an answer',
  'tls-failed': 'the certificate is not valid for the name, or TLS fails in another way',
  timeout: 'no answer in time',
  'bad-answer': 'the answer is no HTTP answer',
};
