import { get } from 'node:http';

/** Route 53 searches the first 5,120 bytes of the answer, which must come within 2 seconds. */
const rules = { searchedBytes: 5_120, answerMs: 2_000, expected: 'keeptrack-ok' } as const;

/** Whether `<url>/health` answers 2xx or 3xx in time and says that it is well. */
export function probeHealth(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/health`, { agent: false, signal: AbortSignal.timeout(rules.answerMs) }, (response) => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, rules.searchedBytes);
      });
      response.on('error', () => resolve(false));
      response.on('end', () => resolve((response.statusCode ?? 500) < 400 && text.includes(rules.expected)));
    });
    request.on('error', () => resolve(false));
  });
}
