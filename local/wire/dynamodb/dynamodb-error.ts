import { jsonResponse, type WireError } from '../json-protocol.ts';
import type { WireResponse } from '../wire-service.ts';
import { withChecksum } from './body-checksum.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export interface DynamoDbError extends WireError {
  /** Fields of the answer besides its message. */
  readonly more?: object;
}

export function invalid(message: string): DynamoDbError {
  return { type: 'ValidationException', message };
}

export function noSuchTable(): DynamoDbError {
  return { type: 'ResourceNotFoundException', message: 'Requested resource not found' };
}

export function errorResponse({ type, message, status = 400, more }: DynamoDbError, requestId: string): WireResponse {
  const body = { __type: `${namespaces[type] ?? ownNamespace}#${type}`, message, ...more };
  return withChecksum(jsonResponse('1.0', status, { 'x-amzn-requestid': requestId }, body));
}

const ownNamespace = 'com.amazonaws.dynamodb.v20120810';
const coral = 'com.amazon.coral.service';
const namespaces: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate',
  AccessDeniedException: coral,
  UnknownOperationException: coral,
  UnrecognizedClientException: coral,
  SerializationException: coral,
};
