import { limits } from '../core/limits.ts';
import { parseOneIn } from '../core/settings.ts';
import { decide } from '../core/tracking/decide.ts';
import { parseSigningKey } from '../core/transaction-id.ts';
import { flushingAfter } from './aws/emf-metrics.ts';
import { trackingPorts } from './aws/tracking-ports.ts';
import { createCapture, parseClickCapture } from './capture.ts';
import { openCatalog } from './catalog-source.ts';
import { createRungs } from './rungs.ts';
import { createTrack } from './track.ts';

const ports = trackingPorts(process.env);
const { settings, intake, bucket } = ports;

// No click shall pay for the first TLS handshake with a rung, nor for the first look at the catalog.
const [catalog] = await Promise.all([
  openCatalog(ports),
  ...[intake.home, intake.peer, bucket.home, bucket.peer].map((rung) => rung.warm(limits.capture.warmBudgetMs)),
]);

const track = createTrack({
  ...ports,
  decide,
  catalog,
  region: settings.region,
  keys: { signing: parseSigningKey(settings.signingKey), accepted: parseSigningKey(settings.acceptedKey) },
  environmentId: Buffer.from(ports.random.bytes(8)).toString('hex'),
  capture: createCapture(createRungs(ports), ports.clock, {
    peerFirstOneIn: parseOneIn(settings.peerFirstOneIn),
    clickCapture: parseClickCapture(settings.clickCapture),
  }),
});

export const handler = flushingAfter(ports.metrics, track);
