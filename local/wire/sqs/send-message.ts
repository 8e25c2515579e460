import { z } from 'zod';
import { attributesMd5, bodyMd5 } from '../../model/message-digest.ts';
import type { Queue } from '../../model/queue.ts';
import type { OutgoingMessage } from '../../model/queue-message.ts';
import { messageAttributes } from './message-attributes.ts';
import { type ActionContext, type ActionOutcome, queueAction } from './sqs-action.ts';
import { sqsError } from './sqs-error.ts';
import { required, wholeNumber } from './sqs-input.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const input = z.object({
  MessageBody: required('MessageBody'),
  DelaySeconds: wholeNumber('DelaySeconds', 0, 900).optional(),
  MessageAttributes: messageAttributes,
});
type Input = z.output<typeof input>;

export const sendMessage = queueAction('sqs:SendMessage', input, send);

function send(given: Input, queue: Queue, { senderId }: ActionContext): ActionOutcome {
  const message = toMessage(given, senderId);
  const outcome = queue.send(message);
  switch (outcome.kind) {
    case 'too-large': {
      const bytesMax = queue.settings.messageBytesMax;
      const reason = `One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`;
      return { error: sqsError('InvalidParameterValue', reason) };
    }
    case 'refused-characters':
      return { error: sqsError('InvalidMessageContents', charactersProblem) };
    case 'sent': {
      const digest = attributesMd5(message.attributes ?? {});
      return {
        output: {
          MessageId: outcome.id,
          MD5OfMessageBody: bodyMd5(message.body),
          ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
        },
      };
    }
  }
}

function toMessage({ MessageBody, DelaySeconds, MessageAttributes }: Input, senderId: string): OutgoingMessage {
  return {
    body: MessageBody,
    senderId,
    ...(MessageAttributes === undefined ? {} : { attributes: MessageAttributes }),
    ...(DelaySeconds === undefined ? {} : { delaySeconds: DelaySeconds }),
  };
}

const charactersProblem =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
