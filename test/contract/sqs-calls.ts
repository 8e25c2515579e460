import { ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { ContractEndpoint } from './sqs-endpoint.ts';

/** Deletes one message of a queue. The code of the refusal; undefined when the message was deleted, or was deleted before. */
export async function deleteOne(
  { client, queueUrl }: ContractEndpoint,
  ReceiptHandle: string | undefined,
  QueueUrl = queueUrl,
): Promise<string | undefined> {
  const Entries = [{ Id: 'one', ReceiptHandle }];
  const { Failed } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  return Failed?.[0]?.Code;
}

/** Changes the visibility of one message. The code of the refusal; undefined when it was changed. */
export async function changeOne(
  { client, queueUrl: QueueUrl }: ContractEndpoint,
  ReceiptHandle: string | undefined,
  VisibilityTimeout: number,
): Promise<string | undefined> {
  const Entries = [{ Id: 'one', ReceiptHandle, VisibilityTimeout }];
  const { Failed } = await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  return Failed?.[0]?.Code;
}
