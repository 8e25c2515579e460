import { randomUUID } from 'node:crypto';
import { seededChance } from '../../core/seeded-chance.ts';
import type { HttpReply } from '../../lambda/aws/kept-connections.ts';
import { type SigningParts, signedClient } from '../../lambda/aws/signed-client.ts';
import { systemClock } from '../../lambda/aws/system-clock.ts';
import { startEndpoint } from '../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../local/fault/fault-board.ts';
import { anyPort } from '../../local/listen.ts';
import { Topic, type TopicMessage } from '../../local/model/topic.ts';
import { createSnsService } from '../../local/wire/sns.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';

/**
 * What the contract runs against: our own SNS, or any other whose address the environment gives. There the tests make a
 * topic, and remove it.
 */
export interface SnsEndpoint {
  readonly region: string;
  readonly topicArn: string;
  readonly parts: SigningParts;
  /** What our own topic got; undefined on another endpoint, which tells nobody. */
  messages(): readonly TopicMessage[] | undefined;
  close(): Promise<void>;
}

const region = process.env['CONTRACT_SNS_REGION'] ?? 'us-east-1';
const budgetMs = 20_000;

export function openSnsEndpoint(): Promise<SnsEndpoint> {
  const given = process.env['CONTRACT_SNS_ENDPOINT'];
  return given === undefined ? openOurOwn() : openForeign(given);
}

async function openForeign(url: string): Promise<SnsEndpoint> {
  const parts = { environment: { ...process.env, AWS_ENDPOINT_URL: url }, clock: systemClock };
  const call = async (input: Readonly<Record<string, string>>): Promise<string> => {
    const client = signedClient({ service: 'sns', region, url: new URL(url), replyBytesMax: 65_536, codeOf }, parts);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ Version: '2010-03-31', ...input }).toString();
    const result = await client.fetch({ method: 'POST', path: '/', headers, body }, budgetMs);
    if (result.kind === 'failed') throw new Error(`${input['Action']}: ${JSON.stringify(result.answer)}`);
    return result.value.body.toString('utf8');
  };
  const made = await call({ Action: 'CreateTopic', Name: `contract-${randomUUID()}` });
  const topicArn = /<TopicArn>([^<]+)<\/TopicArn>/.exec(made)?.[1];
  if (topicArn === undefined) throw new Error('the endpoint made no topic');
  return {
    ...{ region, topicArn, parts },
    messages: () => undefined,
    close: async () => void (await call({ Action: 'DeleteTopic', TopicArn: topicArn })),
  };
}

function codeOf({ body }: HttpReply): string {
  return body.toString('utf8');
}

async function openOurOwn(): Promise<SnsEndpoint> {
  const time = new SimulatedTime();
  const chance = seededChance(1);
  const topicArn = `arn:aws:sns:${region}:111122223333:contract`;
  const topic = new Topic({ name: 'contract', arn: topicArn }, time);
  const endpoint = await startEndpoint({
    port: anyPort,
    services: [createSnsService({ topics: [topic], requestId: randomUUID })],
    faults: new FaultBoard({ time, chance }),
    time,
    chance,
    policyOf: () => [],
    kill: () => {},
    onSurprise: (error) => console.error(error),
  });
  const credentials = { AWS_ACCESS_KEY_ID: 'contract', AWS_SECRET_ACCESS_KEY: 'contract' };
  return {
    ...{ region, topicArn },
    parts: { environment: { ...credentials, AWS_ENDPOINT_URL: endpoint.url }, clock: systemClock },
    messages: () => topic.messages(),
    close: () => endpoint.close(),
  };
}
