import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FaultBoard, Target } from '../fault/fault-board.ts';
import { type Listening, listen, type PortUse } from '../listen.ts';
import type { Chance, ModelTime } from '../model/time.ts';
import type { PolicyStatement } from '../template/region-template.ts';
import {
  isDataService,
  isGlobalService,
  type ServiceName,
  type WireCall,
  type WireService,
} from '../wire/wire-service.ts';
import { type Admitted, admit } from './admit.ts';
import { CallCounts } from './call-counts.ts';
import { type Caller, callerName, type FunctionCaller } from './caller.ts';
import { conductCall, type Ending } from './conduct-call.ts';
import { GrantCounts } from './grant-counts.ts';
import { NameResolution } from './name-resolution.ts';
import { reply, replyText } from './reply.ts';

export interface EndpointOptions {
  readonly port: PortUse;
  readonly services: readonly WireService[];
  readonly faults: FaultBoard;
  readonly time: ModelTime;
  readonly chance: Chance;
  /** The policy of a function; empty for a function that does not exist. */
  readonly policyOf: (caller: FunctionCaller) => readonly PolicyStatement[];
  /** Ends an environment at once, in the middle of its work. */
  readonly kill: (caller: FunctionCaller) => void;
  /** Called for a defect in a model or in a wire service. */
  readonly onSurprise: (error: unknown) => void;
}

/** The one AWS endpoint on 127.0.0.1, for every service of every region. Closing it ends open requests without an answer. */
export interface Endpoint extends Listening, Tallies {}

interface Tallies {
  readonly tally: CallCounts;
  readonly grants: GrantCounts;
}

interface Serving extends EndpointOptions, Tallies {
  readonly names: NameResolution;
}

/** Rejects with a UserError when the port is taken. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const tallies = { tally: new CallCounts(), grants: new GrantCounts() };
  const serving = { ...options, ...tallies, names: new NameResolution(options.faults) };
  const server = createServer((request, response) => {
    serve(request, response, serving).catch((error: unknown) => {
      options.onSurprise(error);
      replyText(response, 500, 'The local AWS endpoint has a defect; see the log of the local cloud.');
    });
  });
  return { ...(await listen(server, options.port)), ...tallies };
}

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const admission = await admit(request, response, serving.services);
  switch (admission.kind) {
    case 'gone':
      return;
    case 'refused':
      replyText(response, admission.status, admission.text);
      return;
    case 'admitted': {
      const isConnected = serving.names.resolves(request.socket, callOf(admission), admission.service.name);
      reply(response, request.method, isConnected ? await endingOf(admission, serving) : { kind: 'reset' });
    }
  }
}

function endingOf(admitted: Admitted, { tally, grants, ...options }: Serving): Promise<Ending> {
  const { service, caller, wireRequest } = admitted;
  const isGranted = grantsOf(caller, options, grants);
  const call = service.read({ ...wireRequest, isAllowed: isGranted });
  const { region } = wireRequest;
  tally.count(region, callerName(caller), `${service.name}:${call.action}`);
  // Grants are checked even when a fault answers the call: an outage must not hide a missing grant.
  const missing = call.needs.filter(({ action, resource }) => !isGranted(action, resource));
  for (const { action, resource } of missing) tally.deny(region, `${callerName(caller)} ${action} ${resource}`);
  return conductCall(call, {
    service: service.name,
    strikes: options.faults.strikes({
      ...{ ...callOf(admitted), service: struckAs(service.name), action: call.action },
    }),
    denial: denialOf(caller, missing),
    chance: options.chance,
    wait: (delayMs) => new Promise((resolve) => void options.time.after(delayMs, resolve)),
    killCaller: caller.kind === 'function' ? () => options.kill(caller) : undefined,
  });
}

/** An operator may do everything. */
function grantsOf(
  caller: Caller,
  { policyOf }: Pick<EndpointOptions, 'policyOf'>,
  grants: GrantCounts,
): (action: string, resource: string) => boolean {
  if (caller.kind === 'operator') return () => true;
  const policy = policyOf(caller);
  return (action, resource) => grants.check(caller, policy, action, resource);
}

function denialOf(caller: Caller, [missing]: WireCall['needs']): string | undefined {
  if (!missing) return undefined;
  return `${callerName(caller)} is not authorized to perform: ${missing.action} on resource: ${missing.resource}`;
}

function struckAs(service: ServiceName): Target['service'] {
  if (isGlobalService(service)) return 'control-planes';
  return isDataService(service) ? service : 'management';
}

/** The caller and the region of a call. */
function callOf({ caller, wireRequest }: Admitted): Omit<Target, 'service'> {
  const call = { region: wireRequest.region, caller: callerName(caller) };
  return caller.kind === 'function' ? { ...call, callerRegion: caller.region } : call;
}
