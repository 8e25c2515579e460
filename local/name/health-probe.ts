import { get } from 'node:http';

export interface ProbedEndpoint {
  /** The address of the domain name on this machine. */
  readonly url: string;
  readonly domainName: string;
  readonly path: string;
  readonly searchString: string;
}

/** In milliseconds of real time. */
export interface ProbeBudgets {
  readonly connectMs: number;
  /** From the connection to the status, and again from the status to the end of the body. */
  readonly answerMs: number;
}

const searchedBytes = 5_120;
/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
const awsBudgets: ProbeBudgets = { connectMs: 4_000, answerMs: 2_000 };
/** On a busy machine, a shorter budget could not tell a slow answer from an outage. */
const leastMs = 1_000;

/**
 * The budgets shrink with the speed of the cloud, as the interval does. With real-time budgets, a region that hangs
 * would be noticed many intervals too late.
 */
export function probeBudgetsAt(speed: number): ProbeBudgets {
  return {
    connectMs: Math.max(leastMs, awsBudgets.connectMs / speed),
    answerMs: Math.max(leastMs, awsBudgets.answerMs / speed),
  };
}

/** Whether the endpoint answers 2xx or 3xx in time, with the expected text. Uses no TLS. Never rejects. */
export function probeHealth(endpoint: ProbedEndpoint, budgets: ProbeBudgets): Promise<boolean> {
  const { url, path, domainName, searchString } = endpoint;
  return new Promise((resolve) => {
    const headers = { host: domainName, 'user-agent': 'Amazon-Route53-Health-Check-Service (ref local)' };
    const request = get(`${url}${path}`, { agent: false, headers }, (response) => {
      within(budgets.answerMs);
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, searchedBytes);
      });
      response.on('error', () => end(false));
      response.on('end', () => end(isFine(response.statusCode) && text.includes(searchString)));
    });
    let timer = setTimeout(() => request.destroy(), budgets.connectMs);
    request.on('socket', (socket) => socket.once('connect', () => within(budgets.answerMs)));
    request.on('error', () => end(false));

    function within(budgetMs: number): void {
      clearTimeout(timer);
      timer = setTimeout(() => request.destroy(), budgetMs);
    }

    function end(passed: boolean): void {
      clearTimeout(timer);
      resolve(passed);
    }
  });
}

function isFine(status = 0): boolean {
  return status >= 200 && status < 400;
}
