import { batchGetItem } from './dynamodb/batch-get-item.ts';
import { withChecksum } from './dynamodb/body-checksum.ts';
import { describeContinuousBackups, describeTable, describeTimeToLive } from './dynamodb/describe-table.ts';
import {
  type DynamoDbAction,
  type DynamoDbCall,
  type DynamoDbOutcome,
  type DynamoDbScope,
  refusedCall,
} from './dynamodb/dynamodb-action.ts';
import { errorResponse } from './dynamodb/dynamodb-error.ts';
import { refusal } from './dynamodb/refuse-call.ts';
import { scanTable } from './dynamodb/scan.ts';
import { answerUpdateItem } from './dynamodb/update-item.ts';
import { actionNamed, jsonResponse, noSuchRegion, notModelled, parseJsonBody } from './json-protocol.ts';
import type { WireCall, WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * DynamoDB over HTTP, in its JSON protocol, for the tables of every region. It models the calls that Keeptrack makes,
 * and refuses every other action and parameter. Tables come from templates.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */

export interface DynamoDbServiceOptions {
  /** Undefined for a region that the local cloud does not have. */
  readonly scopeOf: (region: string) => DynamoDbScope | undefined;
  readonly requestId: () => string;
}

const target = 'DynamoDB_20120810.';

const actions: Readonly<Record<string, DynamoDbAction>> = {
  UpdateItem: answerUpdateItem,
  BatchGetItem: batchGetItem,
  Scan: scanTable,
  DescribeTable: describeTable,
  DescribeTimeToLive: describeTimeToLive,
  DescribeContinuousBackups: describeContinuousBackups,
};

export function createDynamoDbService(options: DynamoDbServiceOptions): WireService {
  return {
    name: 'dynamodb',
    read(request) {
      const name = actionNamed(request, target);
      const requestId = options.requestId();
      const call = callOf(name, request, options);
      return {
        action: name || 'Unknown',
        needs: call.needs,
        perform: () => answerOf(call.perform(), requestId),
        refuse: (status, code, message) => answerOf({ error: refusal(status, code, message) }, requestId),
      } satisfies WireCall;
    },
  };
}

function callOf(name: string, request: WireRequest, { scopeOf }: DynamoDbServiceOptions): DynamoDbCall {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) return refusedCall(notModelled(`dynamodb:${name}`));
  const scope = scopeOf(request.region);
  if (!scope) return refusedCall(noSuchRegion(request.region));
  return action.read(parseJsonBody(request.body), scope);
}

function answerOf(outcome: DynamoDbOutcome, requestId: string): WireResponse {
  if ('error' in outcome) return errorResponse(outcome.error, requestId);
  return withChecksum(jsonResponse('1.0', 200, { 'x-amzn-requestid': requestId }, outcome.output));
}
