import type { WireResponse } from '../wire-service.ts';
import type { SqsError } from './sqs-error.ts';

export type Json = string | number | boolean | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** A request taken out of its protocol: both protocols give the parameters the names and the shape that JSON has. */
export interface ProtocolRequest {
  /** API action; what it says when there is none. */
  readonly action: string;
  /** Not yet checked against the action; undefined when it could not be read at all. */
  readonly input: unknown;
  answer(output: JsonObject): WireResponse;
  refuse(error: SqsError): WireResponse;
}
