import prices from '../../bench/prices.json' with { type: 'json' };

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

/**
 * USD of a drill's calls. Compute time, storage and transfer between the regions are left out, because their amounts on
 * a local machine say nothing about AWS. `bench -- capacity` calculates these.
 */
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
