// A relay that sends its name with each request. Run against the built packages.
import { Agent } from 'node:http';
import { createRelay } from '../dist/index.mjs';

const { RELAY_NAME, RELAY_REDIS, RELAY_QUEUE, RELAY_LEASE_MS, RELAY_BATCH } = process.env;

class NamedAgent extends Agent {
  addRequest(request, ...rest) {
    request.setHeader('x-sender', RELAY_NAME);
    super.addRequest(request, ...rest);
  }
}

const relay = createRelay({
  connection: RELAY_REDIS,
  queueName: RELAY_QUEUE,
  leaseMs: Number(RELAY_LEASE_MS),
  batch: RELAY_BATCH === '1',
  agent: new NamedAgent({ keepAlive: true, maxSockets: 16 }),
  retry: { minDelayMs: 20, maxDelayMs: 500 },
});
process.on('SIGTERM', () => void relay.close());
