import { parseOneIn } from '../../core/config/settings.ts';
import { dayIn } from '../../core/config/time-zone.ts';
import { parseKeptShare } from '../../core/event/privacy.ts';
import { parseSigningKey } from '../../core/event/transaction-id.ts';
import { decide } from '../../core/tracking/decide.ts';
import { flushingAfter } from '../aws/emf-metrics.ts';
import { createCapture, parseClickCapture } from './capture.ts';
import { createDrained } from './drained.ts';
import { trackingPorts } from './ports.ts';
import { prepareTrack } from './prepare-track.ts';
import { createRungs } from './rungs.ts';
import { createTrack } from './track.ts';

const ports = trackingPorts(process.env);
const { settings } = ports;
const prepared = prepareTrack(ports);
// Loading the rules of time zones takes some 10 ms of CPU, here while the first connections open.
const dayOf = dayIn(settings.timeZone);

const track = createTrack({
  ...ports,
  decide,
  catalog: await prepared,
  drained: createDrained(ports),
  region: settings.region,
  keys: { signing: parseSigningKey(settings.signingKey), accepted: parseSigningKey(settings.acceptedKey) },
  privacy: {
    clientAddress: parseKeptShare(settings.clientAddressKept),
    userAgent: parseKeptShare(settings.userAgentKept),
  },
  dayOf,
  environmentId: Buffer.from(ports.random.bytes(8)).toString('hex'),
  capture: createCapture(createRungs(ports), ports.clock, {
    peerFirstOneIn: parseOneIn(settings.peerFirstOneIn),
    clickCapture: parseClickCapture(settings.clickCapture),
  }),
});

export const handler = flushingAfter(ports.metrics, track);
