/** @import { ActiveFault } from '../../fault/fault.ts' */

/**
 * What the buttons break: a label, the fault as `POST /api/faults` takes it, and what one then sees.
 *
 * @typedef {{ service: string, effect: string, actions?: string[], callers?: string[], rate?: number, status?: number, code?: string }} FaultPreset
 * @type {readonly { label: string, hint: string, fault: FaultPreset }[]}
 */
export const presets = [
  {
    label: 'S3 down',
    hint: 'Every call to this bucket answers 503. Segments for it wait in the failure queues; replay, once a minute, brings them after healing.',
    fault: { service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' },
  },
  {
    label: 'S3 loses replies',
    hint: 'Half of the writes are stored, but their answer is lost.',
    fault: { service: 's3', effect: 'lose-reply', actions: ['PutObject'], rate: 0.5 },
  },
  {
    label: 'SQS down',
    hint: 'Every call to the queues here answers 503. Clicks are captured in the other region.',
    fault: { service: 'sqs', effect: 'error', status: 503, code: 'ServiceUnavailable' },
  },
  {
    label: 'SQS send hangs',
    hint: 'Sending connects and is never answered. Clicks wait out one budget a second, no more.',
    fault: { service: 'sqs', effect: 'hang', actions: ['SendMessage'] },
  },
  {
    label: 'DynamoDB down',
    hint: 'Every call to the conversion index answers 500. Figures go on, and hours become final after healing.',
    fault: { service: 'dynamodb', effect: 'error', status: 500, code: 'InternalServerError' },
  },
  {
    label: 'DynamoDB loses replies',
    hint: 'Half of the writes are done, but their answer is lost: a conversion counts once all the same.',
    fault: { service: 'dynamodb', effect: 'lose-reply', actions: ['UpdateItem'], rate: 0.5 },
  },
  {
    label: 'Pollers stall',
    hint: 'The event source mapping stops. Replay takes what it left.',
    fault: { service: 'pollers', effect: 'pause' },
  },
  {
    label: 'Kill store',
    hint: 'One call in five ends the environment of store, before or after it was done.',
    fault: { service: 'sqs', effect: 'kill', callers: ['store'], rate: 0.2 },
  },
  {
    label: 'Health checks err',
    hint: 'Route 53 takes the region for ill, well as it may be: traffic goes to the other one.',
    fault: { service: 'health', effect: 'error' },
  },
  {
    label: 'Region dark',
    hint: 'Nothing in this region answers anybody.',
    fault: { service: 'region', effect: 'hang' },
  },
];

/**
 * The fault in force that a button stands for, if there is one.
 *
 * @param {readonly ActiveFault[]} active
 * @param {string} region
 * @param {FaultPreset} preset
 */
export function inForce(active, region, preset) {
  return active.find(
    (fault) =>
      fault.region === region &&
      fault.service === preset.service &&
      fault.effect === preset.effect &&
      String(fault.actions ?? '') === String(preset.actions ?? '') &&
      String(fault.callers ?? '') === String(preset.callers ?? ''),
  );
}

/** @param {ActiveFault} fault */
export function describeFault(fault) {
  const share = fault.rate === undefined || fault.rate === 1 ? '' : ` ${Math.round(fault.rate * 100)} %`;
  const of = fault.actions ? ` ${fault.actions.join(', ')}` : '';
  const by = fault.callers ? ` by ${fault.callers.join(', ')}` : '';
  return `${fault.region ?? 'both regions'}: ${fault.service} ${fault.effect}${share}${of}${by}`;
}
