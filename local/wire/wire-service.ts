/**
 * The interface between the AWS endpoint and the protocols of the services. The endpoint reads a request's bytes and
 * signature. A wire service reads which call the request is. The endpoint then counts the call, checks it against the
 * caller's policy and applies the faults. At last the service performs the call, or refuses it in its own protocol.
 */

export interface WireRequest {
  readonly method: string;
  /** The path as sent, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** From the signature's credential scope. */
  readonly region: string;
  /** Resolved when the client disconnects: a long poll must not lose messages then. */
  readonly aborted: AbortSignal;
  /** Whether the caller's policy grants something, for answers that depend on it. Absent = the policy grants everything. */
  readonly isAllowed?: (action: string, resource: string) => boolean;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

export interface WireCall {
  /** The API action: `PutObject`, `SendMessage`, `ListObjectsV2`, … */
  readonly action: string;
  /** IAM must allow each of these actions on its resource. */
  readonly needs: readonly { readonly action: string; readonly resource: string }[];
  perform(): Promise<WireResponse> | WireResponse;
  /** An error answer in the protocol of the request. */
  refuse(status: number, code: string, message: string): WireResponse;
}

/** The names are those in the credential scope of a signature. */
export type ServiceName =
  | DataService
  | GlobalService
  | 'secretsmanager'
  | 'logs'
  | 'lambda'
  | 'monitoring'
  | 'acm'
  | 'apigateway'
  | 'servicequotas';

/** The services that functions call and that faults can name. Only operators call the others. */
export type DataService = 's3' | 'sqs' | 'dynamodb' | 'sns';

/** Services of the whole world, whose control planes live in one region. A fault names them together. */
export type GlobalService = 'iam' | 'route53' | 'cloudfront';

export function isGlobalService(name: ServiceName): name is GlobalService {
  return name === 'iam' || name === 'route53' || name === 'cloudfront';
}

export function isDataService(name: ServiceName): name is DataService {
  return name === 's3' || name === 'sqs' || name === 'dynamodb' || name === 'sns';
}

export interface WireService {
  readonly name: ServiceName;
  read(request: WireRequest): WireCall;
}
