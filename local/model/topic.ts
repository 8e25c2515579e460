import type { ModelTime } from './time.ts';

export interface TopicSettings {
  readonly name: string;
  readonly arn: string;
}

export interface TopicMessage {
  readonly id: string;
  readonly atMs: number;
  /** Absent when the publisher gave none. */
  readonly subject?: string;
  readonly body: string;
}

export type Published =
  | { readonly kind: 'published'; readonly id: string }
  /** `parameter`: the one that SNS names in its answer. */
  | { readonly kind: 'invalid'; readonly parameter: string };

/**
 * A standard SNS topic. Nobody gets a mail from it: it keeps the newest messages, for the console and for drills.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export class Topic {
  readonly settings: TopicSettings;
  readonly #time: Pick<ModelTime, 'nowMs'>;
  #messages: TopicMessage[] = [];

  constructor(settings: TopicSettings, time: Pick<ModelTime, 'nowMs'>) {
    this.settings = settings;
    this.#time = time;
  }

  publish(id: string, body: string, subject?: string): Published {
    const parameter = problemOf(body, subject);
    if (parameter !== undefined) return { kind: 'invalid', parameter };
    this.#messages.push({ id, atMs: this.#time.nowMs(), body, ...(subject !== undefined && { subject }) });
    this.#messages = this.#messages.slice(-messagesKept);
    return { kind: 'published', id };
  }

  /** The newest 1,000 messages, oldest first. */
  messages(): readonly TopicMessage[] {
    return this.#messages;
  }

  clear(): void {
    this.#messages = [];
  }
}

const messagesKept = 1_000;

/** Messages have at most 262,144 bytes. API Publish, "Message" and "Subject" */
const bodyBytesMax = 262_144;
const subjectCharactersMax = 99;

function problemOf(body: string, subject: string | undefined): string | undefined {
  if (body === '') return 'Empty message';
  if (Buffer.byteLength(body) > bodyBytesMax) return 'Message too long';
  if (subject === undefined) return undefined;
  const isSubject = subject !== '' && subject.length <= subjectCharactersMax && !/\p{Cc}/u.test(subject);
  return isSubject ? undefined : 'Subject';
}
