import { describe, expect, test } from 'vitest';
import { locateProblems } from '../../../core/catalog/locate.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';

const yaml = `network:
  name: N
  default_url: nowhere
advertisers:
  - id: 7
    name: A
    ip_whitelist:
      - 203.0.113.0/24
      - here
affiliates:
  - { id: 2, name: '' }
offers:
  - id: 1323
    name: o
    advertiser_id: 8
    offer_url: https://a.example/
    payout: free
    goals:
      - id: 5
        name: g
        payout_type: cpa_percentage
      - { id: 5, name: h }
  - name: without an id
    advertiser_id: 7
    offer_url: https://a.example/
  - nothing
creatives:
  - id: 3
    offer_id: 4
    name: c
    file_name: c.png
`;

function problemsOf(text: string): readonly string[] {
  const validated = validateCatalog(text);
  return validated.kind === 'invalid' ? locateProblems(text, validated.problems) : [];
}

describe('a problem names', () => {
  test.each([
    [
      'an offer by its id and line, and the line of its field',
      /^offer 1323 \(line 13\): payout \(line 17\): must be an exact/,
    ],
    ['an advertiser', /^advertiser 7 \(line 5\): ip_whitelist\[1\] \(line 9\): must be an address/],
    ['an affiliate that stands in one line', /^affiliate 2 \(line 11\): name: must not be empty$/],
    ['a creative', /^creative 3 \(line 28\): offer_id \(line 29\): there is no offer 4$/],
    [
      'a goal with its offer',
      /^offer 1323, goal 5 \(line 19\): payout_percent: is missing; payout_type cpa_percentage/,
    ],
    [
      'another thing that it speaks of',
      /^offer 1323, goal 5 \(line 22\): id: 5 is already used by offer 1323, goal 5 \(line 19\)$/,
    ],
    ['what has no id by its line', /^offer \(line 23\): id: is missing$/],
    ['what is no section of fields by its line', /^offer \(line 26\): must be a section of fields$/],
    ['a field of the network by its line', /^network\.default_url \(line 3\): must be an http or https URL$/],
  ])('%s', (_, line) => {
    expect(problemsOf(yaml)).toContainEqual(expect.stringMatching(line));
  });
});

test.each([
  ['a section is missing', '{}', ['network: is missing']],
  ['a file is no catalog', '[1]', ['file: must be a section of fields']],
  ['YAML itself is wrong', 'network: [', [expect.stringMatching(/^line \d+: /)]],
])('%s: the problem stays as it is', (_, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});
