import { z } from 'zod';
import { isBinary, type MessageAttribute } from '../../model/queue-message.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
const attributesMax = 10;
const typePattern = /^(String|Number|Binary)(\..+)?$/;
const textMax = 256;
/** Dots stand alone and only inside the name. AWS reserves the prefixes `aws.` and `amazon.`. */
const namePattern = /^(?!(?:aws|amazon)\.)[\w-]+(?:\.[\w-]+)*$/i;
const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const oneAttribute = z.object({
  DataType: z.string().default(''),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});

/** Converts a sender's message attributes to those of the model. */
export const messageAttributes = z
  .record(z.string(), oneAttribute)
  .superRefine((attributes, context) => {
    const names = Object.keys(attributes);
    const problem =
      names.length > attributesMax
        ? `Number of message attributes [${names.length}] exceeds the allowed maximum [${attributesMax}].`
        : names.map((name) => problemOf(name, attributes[name])).find((text) => text !== undefined);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .transform((attributes) => Object.fromEntries(Object.entries(attributes).map(toModel)))
  .optional();

type Given = z.output<typeof oneAttribute>;

function problemOf(name: string, given: Given | undefined): string | undefined {
  if (!namePattern.test(name) || name.length > textMax) return `The message attribute name '${name}' is invalid.`;
  if (given === undefined || !typePattern.test(given.DataType) || given.DataType.length > textMax) {
    return `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`;
  }
  const value = isBinary(given.DataType) ? given.BinaryValue : given.StringValue;
  if (value && given.DataType.startsWith('Number') && !numberPattern.test(value)) {
    return `Can't cast the value of message (user) attribute '${name}' to a number.`;
  }
  if (value) return undefined;
  return `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${given.DataType}'.`;
}

function toModel([name, { DataType, StringValue, BinaryValue }]: [string, Given]): [string, MessageAttribute] {
  return [name, { dataType: DataType, value: (isBinary(DataType) ? BinaryValue : StringValue) ?? '' }];
}

/** Converts one attribute of the model to the form that a receiver gets. */
export function toWire({ dataType, value }: MessageAttribute): object {
  return isBinary(dataType) ? { BinaryValue: value, DataType: dataType } : { StringValue: value, DataType: dataType };
}
