/**
 * AWS's prices of requests in us-east-1, in USD, as of November 2026. us-west-2 has the same prices. Compute time,
 * storage and transfer between the regions are left out, because their amounts on a local machine say nothing about
 * AWS.
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

/** USD for a million calls. An action that is not listed is billed at the highest price of its service. */
const usdPerMillionCalls: Readonly<Record<string, number>> = {
  's3:PutObject': s3Write,
  's3:ListObjectsV2': s3Write,
  's3:GetObject': s3Read,
  's3:HeadObject': s3Read,
  's3:DeleteObject': 0,
};

export interface Usage {
  /** From `service:Action` to the number of calls. */
  readonly calls: Readonly<Record<string, number>>;
  readonly invocations: number;
  readonly httpRequests: number;
  /**
   * Segments that were put into failure queues, and the mean size of such a message. Each is sent and received once.
   */
  readonly owedSegments: number;
  readonly owedMessageBytes: number;
  /** Sums over all tables. DynamoDB bills units and not calls. */
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
