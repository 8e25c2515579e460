import { jsonResponse, type WireError } from '../json-protocol.ts';
import type { WireResponse } from '../wire-service.ts';
import { withChecksum } from './body-checksum.ts';

export function invalid(message: string): WireError {
  return { type: 'ValidationException', message };
}

export function noSuchTable(): WireError {
  return { type: 'ResourceNotFoundException', message: 'Requested resource not found' };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export function errorResponse({ type, message, status = 400 }: WireError, requestId: string): WireResponse {
  const body = { __type: `${namespaces[type] ?? ownNamespace}#${type}`, message };
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
