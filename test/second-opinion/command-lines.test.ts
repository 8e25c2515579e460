import { describe, expect, test } from 'vitest';
import { awsCommandsIn } from '../../second-opinion/command-lines.ts';

const values = { REGION: 'us-east-1', NAME: 'keeptrack' };
const anyValue = '00000000-0000-4000-8000-000000000000';
const wordsIn = (markdown: string) => awsCommandsIn(markdown, values).map(({ words }) => words.join(' '));
const block = (...lines: readonly string[]) => ['```sh', ...lines, '```', ''].join('\n');

describe('calls of the AWS CLI in a block', () => {
  test('are found with their lines, and other commands are left out', () => {
    const found = awsCommandsIn(
      `# Page\n\n${block('npx keeptrack status', '# aws sts get', 'aws sqs list-queues # all of them')}`,
      values,
    );
    expect(found.map(({ line, words }) => [line, ...words])).toEqual([[6, 'aws', 'sqs', 'list-queues']]);
    expect(found[0]?.isMention).toBe(false);
  });

  test('go on after a backslash, and inside quotation marks', () => {
    const lines = block('aws s3api put --region $REGION \\', "  --rules '{", '  "a": 1', "}'", 'aws sts get');
    expect(awsCommandsIn(lines, values).map(({ line, words }) => [line, words])).toEqual([
      [2, ['aws', 's3api', 'put', '--region', 'us-east-1', '--rules', '{\n  "a": 1\n}']],
      [6, ['aws', 'sts', 'get']],
    ]);
  });

  test('are found in loops, in pipes, after assignments and inside substitutions', () => {
    expect(wordsIn(block('for PART in a b; do aws logs tail $NAME-$PART; done'))).toEqual([
      `aws logs tail keeptrack-${anyValue}`,
    ]);
    expect(wordsIn(block('aws s3 ls | head && AWS_PAGER= aws s3 cp a b > file 2>&1'))).toEqual([
      'aws s3 ls',
      'aws s3 cp a b',
    ]);
    expect(wordsIn(block('ID=$(aws sts get --query Account) aws s3 ls "$ID"'))).toEqual([
      `aws s3 ls ${anyValue}`,
      'aws sts get --query Account',
    ]);
  });

  test('get values for variables and placeholders, but not inside single quotation marks', () => {
    expect(wordsIn(block(`aws x y --a "$NAME's" --b '$NAME <b>' --c <UUID> --d \${REGION}-1 --e a\\ b`))).toEqual([
      `aws x y --a keeptrack's --b $NAME <b> --c ${anyValue} --d us-east-1-1 --e a b`,
    ]);
  });
});

describe('calls of the AWS CLI in a sentence', () => {
  test('are found in code spans, and names of commands are told apart', () => {
    const text =
      'Run `aws sqs list-queues --region $REGION`, or see `aws sqs purge-queue`. Not `npx x` or aws sts get.';
    expect(awsCommandsIn(text, values).map(({ words, isMention }) => [words.join(' '), isMention])).toEqual([
      ['aws sqs list-queues --region us-east-1', false],
      ['aws sqs purge-queue', true],
    ]);
  });

  test('are found in a table, whose bars of a pipe are escaped', () => {
    expect(wordsIn('| key | `aws s3 ls \\| head` |')).toEqual(['aws s3 ls']);
  });
});
