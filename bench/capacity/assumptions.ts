import { figure } from './text-table.ts';

/** What nobody can count without an account. `bench -- cost` names each of them. */

interface Assumption {
  readonly value: number;
  readonly says: string;
}

const assume = (value: number, says: string): Assumption => ({ value, says: says.replace('#', figure(value)) });

export const assumptions = {
  sendMs: assume(
    10,
    '`track` waits # ms for the queue of its region. Other calls last as long as bench/quotas.json says.',
  ),
  checkMs: assume(5, 'a request of a health check takes `track` # ms.'),
  checkers: assume(16, '# checkers of Route 53 ask each health check.'),
  connectionsPerClick: assume(1, 'each click opens # connection of its own, and nobody uses it again.'),
  connectionSeconds: assume(60, 'a connection stays active for # s, the idle time-out of a load balancer.'),
  requestBytes: assume(1_000, 'a request has # bytes.'),
  handshakeBytes: assume(4_000, 'the certificates of a TLS handshake have # bytes.'),
  resolvers: assume(
    5_000,
    '# resolvers ask for the name: for A and AAAA each minute, and for a type that the name lacks, such as HTTPS, each 15 minutes. A record that leads to API Gateway is free to ask. Behind a load balancer the record of a name leads to another record, and its queries are billed.',
  ),
  clickHours: assume(100, 'the clicks of the conversions of a minute lie in # different hours.'),
  capsSeconds: assume(1, 'counting 10,000 capped pairs, and writing which are closed, takes a run of `stats` # s.'),
  partnerMs: assume(200, 'a partner answers a postback after # ms, and each conversion has one postback.'),
  customMetrics: assume(50, 'a region has # custom metrics with values, dimensions counted.'),
} as const satisfies Readonly<Record<string, Assumption>>;
