/** The contents of a receipt handle: which receive of which message of which queue. Callers must not read it. */
export interface Receipt {
  readonly queueArn: string;
  readonly id: string;
  /** Counts all receives of that queue. */
  readonly receive: number;
}

export function encodeReceipt({ queueArn, id, receive }: Receipt): string {
  return Buffer.from(`${queueArn} ${id} ${receive}`).toString('base64');
}

export function decodeReceipt(text: string): Receipt | undefined {
  const [queueArn, id, receive, ...rest] = Buffer.from(text, 'base64').toString().split(' ');
  if (queueArn === undefined || id === undefined || receive === undefined || rest.length > 0) return undefined;
  return { queueArn, id, receive: Number(receive) };
}
