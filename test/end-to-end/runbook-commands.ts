import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Reads the commands of docs/runbook.md, and runs those of the AWS CLI as the CLI would, by the same calls of the SDK. */

export type Words = readonly string[];

/** Every line of its `sh` blocks, in order, as a shell splits it; assignments are made and left out. */
export function runbookCommands(): readonly Words[] {
  const variables: Variables = {};
  const blocks = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, block = '']) =>
    block
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => {
        if (!/^[A-Z]+=/.test(line)) return [wordsOf(line, variables)];
        Object.assign(variables, assigned(line, variables));
        return [];
      }),
  );
}

type Variables = Record<string, string>;

/** By a shell itself, since it is asked what time it is. */
function assigned(line: string, variables: Variables): Variables {
  const names = [...line.matchAll(/(?:^| )([A-Z]+)=/g)].map(([, name = '']) => name);
  const told = names.map((name) => `echo "$${name}"`).join('\n');
  const env = { ...variables, PATH: process.env['PATH'] };
  const values = execFileSync('sh', ['-c', `${line}\n${told}`], { env, encoding: 'utf8' }).split('\n');
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

/** Single quotes and `$NAME` are all else that the runbook needs of a shell. */
function wordsOf(line: string, variables: Variables): Words {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? expand(plain, variables));
}

function expand(word: string, variables: Variables): string {
  return word.replace(/\$([A-Z]+)/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`the runbook does not say what $${name} is`);
    return value;
  });
}

export type Options = Readonly<Record<string, string>>;

interface AwsSettings {
  readonly endpoint: string;
  /** What stands in a file that a command names, by its path. */
  readonly files: Options;
}

/** Throws when AWS would refuse it. */
export async function runAws([, service, action, ...rest]: Words, { endpoint, files }: AwsSettings): Promise<void> {
  const options = optionsOf(rest, files);
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const common = { region: options['region'] ?? '', endpoint, credentials };
  const call = calls[`${service} ${action}`];
  if (call === undefined) throw new Error(`nobody has said how aws ${service} ${action} is run`);
  await call(options, common);
}

export function optionsOf(words: Words, files: Options = {}): Options {
  const pairs = words.flatMap((word, index) =>
    word.startsWith('--') ? [[word.slice(2), words[index + 1] ?? '']] : [],
  );
  return Object.fromEntries(pairs.map(([name, value = '']) => [name, fromFile(value, files)]));
}

function fromFile(value: string, files: Options): string {
  if (!value.startsWith('file://')) return value;
  const text = files[value.slice('file://'.length)];
  if (text === undefined) throw new Error(`there is no ${value}`);
  return text;
}

type Call = (
  options: Options,
  client: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } },
) => Promise<unknown>;

const calls: Readonly<Record<string, Call>> = {
  'logs filter-log-events': async (options, client) => {
    const asked = {
      logGroupName: options['log-group-name'],
      filterPattern: options['filter-pattern'],
      startTime: Number(options['start-time']),
    };
    let left = Number(options['max-items']);
    for await (const { events = [] } of paginateFilterLogEvents({ client: new CloudWatchLogsClient(client) }, asked)) {
      left -= events.length;
      if (left <= 0) return;
    }
  },
  'sqs receive-message': (options, client) =>
    new SQSClient({ ...client, useQueueUrlAsEndpoint: false }).send(
      new ReceiveMessageCommand({
        QueueUrl: options['queue-url'],
        MaxNumberOfMessages: Number(options['max-number-of-messages']),
        VisibilityTimeout: Number(options['visibility-timeout']),
        MessageAttributeNames: [options['message-attribute-names'] ?? 'All'],
      }),
    ),
  'sqs send-message': (options, client) =>
    new SQSClient({ ...client, useQueueUrlAsEndpoint: false }).send(
      new SendMessageCommand({ QueueUrl: options['queue-url'], MessageBody: options['message-body'] }),
    ),
};
