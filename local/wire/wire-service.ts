/**
 * The seam between the one AWS endpoint and the wire formats behind it. The endpoint reads a request's bytes and its
 * signature; a wire service says what call that is; the endpoint counts it, checks it against the caller's policy and
 * lets faults happen; then the call is performed, or refused in the service's own words.
 */

export interface WireRequest {
  readonly method: string;
  /** Path as sent, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** From the signature's credential scope. */
  readonly region: string;
  /** Resolved when the client went away: a long poll must lose nothing then. */
  readonly aborted: AbortSignal;
  /** Whether the caller's policy grants something; absent = everything. For answers that depend on it. */
  readonly isAllowed?: (action: string, resource: string) => boolean;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

export interface WireCall {
  /** API action: `PutObject`, `SendMessage`, `ListObjectsV2`, … */
  readonly action: string;
  /** What IAM must allow for it: every one of these on its resource. */
  readonly needs: readonly { readonly action: string; readonly resource: string }[];
  /** Partition keys of the items that it is about, which faults can be limited to; absent where there are none. */
  readonly keys?: readonly string[];
  perform(): Promise<WireResponse> | WireResponse;
  /** An error answer in the protocol of this very request. `keys`: the call is refused because of these alone. */
  refuse(status: number, code: string, message: string, keys?: readonly string[]): WireResponse;
}

/** As the credential scope of a signature names them. */
export type ServiceName =
  | DataService
  | 'secretsmanager'
  | 'logs'
  | 'lambda'
  | 'monitoring'
  | 'acm'
  | 'apigateway'
  | 'servicequotas';

/** What functions call and faults can name; only operators ask the others. */
export type DataService = 's3' | 'sqs' | 'dynamodb';

export function isDataService(name: ServiceName): name is DataService {
  return name === 's3' || name === 'sqs' || name === 'dynamodb';
}

export interface WireService {
  readonly name: ServiceName;
  read(request: WireRequest): WireCall;
}
