import { expect, test } from 'vitest';
import { trackingPorts } from '../../../lambda/track/ports.ts';

test('every variable that is missing is named at once', () => {
  expect(() => trackingPorts({ AWS_REGION: 'us-east-1', HOME_BUCKET: 'log' })).toThrow(
    'environment variables are missing: PEER_REGION, PEER_BUCKET, HOME_INTAKE_URL, PEER_INTAKE_URL, ' +
      'METRIC_NAMESPACE, SIGNING_KEY, ACCEPTED_KEY, PEER_FIRST_ONE_IN, CLICK_CAPTURE, CLIENT_ADDRESS_KEPT, USER_AGENT_KEPT',
  );
});
