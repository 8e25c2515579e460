import { parseOneIn } from '../../core/config/settings.ts';
import { dayByOffsets } from '../../core/config/time-zone.ts';
import { parseKeptShare } from '../../core/event/privacy.ts';
import { parseSigningKey } from '../../core/event/transaction-id.ts';
import { decide } from '../../core/tracking/decide.ts';
import { flushingAfter } from '../aws/emf-metrics.ts';
import { createCapture, parseClickCapture } from './capture.ts';
import { createDrained } from './drained.ts';
import { trackingPorts } from './ports.ts';
import { prepareTrack } from './prepare-track.ts';
import { rehearse } from './rehearse.ts';
import { createRungs } from './rungs.ts';
import { createTrack } from './track.ts';

const ports = trackingPorts(process.env);
const { settings } = ports;
const prepared = prepareTrack(ports);

const parts = {
  ...ports,
  decide,
  ...(await prepared),
  keys: { signing: parseSigningKey(settings.signingKey), accepted: parseSigningKey(settings.acceptedKey) },
  privacy: {
    clientAddress: parseKeptShare(settings.clientAddressKept),
    userAgent: parseKeptShare(settings.userAgentKept),
  },
  dayOf: dayByOffsets(settings.timeZoneOffsets),
};
rehearse(parts);

const track = createTrack({
  ...parts,
  drained: createDrained(ports),
  trackingNames: new Set(settings.trackingNames.split(',')),
  environmentId: Buffer.from(ports.random.bytes(8)).toString('hex'),
  capture: createCapture(createRungs(ports), ports.clock, {
    peerFirstOneIn: parseOneIn(settings.peerFirstOneIn),
    clickCapture: parseClickCapture(settings.clickCapture),
  }),
});

export const handler = flushingAfter(ports.metrics, track);
