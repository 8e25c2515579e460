/**
 * What AWS charges for requests, in us-east-1, USD, as of November 2026; the two regions that Keeptrack is usually run
 * in cost the same. Time that functions compute, bytes stored and bytes between the regions are not in it: what they
 * take on this machine says nothing about AWS.
 * https://aws.amazon.com/s3/pricing/ https://aws.amazon.com/sqs/pricing/
 * https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/api-gateway/pricing/
 * https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export const prices = {
  asOf: '2026-11',
  usdPerMillion: {
    s3Write: 5,
    s3Read: 0.4,
    sqsRequest: 0.4,
    lambdaInvocation: 0.2,
    httpApiRequest: 1,
    dynamodbReadUnit: 0.125,
    dynamodbWriteUnit: 0.625,
  },
  /** SQS bills every started 64 KB of a request as a request of its own. */
  sqsRequestBytes: 65_536,
} as const;

const { s3Write, s3Read, sqsRequest } = prices.usdPerMillion;

/** USD for a million calls; DELETE is free, and an action not named here is billed as what its service charges most for. */
const usdPerMillionCalls: Readonly<Record<string, number>> = {
  's3:PutObject': s3Write,
  's3:ListObjectsV2': s3Write,
  's3:GetObject': s3Read,
  's3:HeadObject': s3Read,
  's3:DeleteObject': 0,
};

export interface Usage {
  /** `service:Action` to count. */
  readonly calls: Readonly<Record<string, number>>;
  readonly invocations: number;
  readonly httpRequests: number;
  /** Segments put into failure queues, each sent and received once, and how large one is as a message. */
  readonly owedSegments: number;
  readonly owedMessageBytes: number;
  /** Of all tables: DynamoDB bills these, and not calls. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

export function usdOf(usage: Usage): number {
  const { calls, invocations, httpRequests, owedSegments, owedMessageBytes, readUnits, writeUnits } = usage;
  // An intake message is always under 64 KB (limits.event.lineBytesMax); an owed segment may be several times that.
  const extraChunks = Math.max(0, Math.ceil(owedMessageBytes / prices.sqsRequestBytes) - 1);
  const millionths = [
    ...Object.entries(calls).map(([call, count]) => count * usdOfMillion(call)),
    2 * owedSegments * extraChunks * sqsRequest,
    invocations * prices.usdPerMillion.lambdaInvocation,
    httpRequests * prices.usdPerMillion.httpApiRequest,
    readUnits * prices.usdPerMillion.dynamodbReadUnit,
    writeUnits * prices.usdPerMillion.dynamodbWriteUnit,
  ];
  return millionths.reduce((sum, amount) => sum + amount, 0) / 1_000_000;
}

function usdOfMillion(call: string): number {
  if (call.startsWith('dynamodb:')) return 0;
  return usdPerMillionCalls[call] ?? (call.startsWith('s3:') ? s3Write : sqsRequest);
}
