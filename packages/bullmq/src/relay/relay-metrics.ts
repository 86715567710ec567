import type { Registry } from 'prom-client';
import type { Measurements } from './relay-stats.js';

type PromClient = typeof import('prom-client');

/** Metrics in a format of Prometheus. */
export interface MetricsText {
  readonly text: string;
  readonly contentType: string;
}

/** Loads prom-client, which only relays need that are asked for metrics. Returns a function that writes them. */
export async function loadMetrics(): Promise<(measurements: Measurements) => Promise<MetricsText>> {
  const client = await import('prom-client');
  const ofProcess = new client.Registry();
  client.collectDefaultMetrics({ register: ofProcess });
  return async (measurements) => {
    const ofRelay = registryOf(client, measurements);
    const text = (await ofRelay.metrics()) + (await ofProcess.metrics());
    return { text, contentType: ofRelay.contentType };
  };
}

/** A new registry each time, so that it omits what is unknown at the moment. */
function registryOf(
  { Counter, Gauge, Registry }: PromClient,
  { stats, queues, budget, isRedisUp, isApiUp }: Measurements,
): Registry {
  const registry = new Registry();
  const registers = [registry];
  const count = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `successeve_relay_${name}_total`, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `successeve_${name}`, help, labelNames, registers });
  const inSeconds = (at: number | null | undefined): number => Math.max(0, (at ?? 0) - Date.now()) / 1000;

  const events = count('events', 'Events that this relay delivered or the API rejected.', [
    'kind',
    'outcome',
  ]);
  for (const outcome of ['delivered', 'rejected'] as const) {
    for (const [kind, value] of Object.entries(stats[outcome])) events.inc({ kind, outcome }, value);
  }
  const requests = count('requests', 'Requests to the API by their result.', ['result']);
  for (const [result, value] of Object.entries(stats.requests)) requests.inc({ result }, value);
  count('taken_over_events', 'Events that came back from a relay that died.').inc(stats.takenOver);
  count('lost_jobs', 'Jobs that were found without their events.').inc(stats.lostJobs);
  gauge('relay_held_events', 'Events in this relay.').set(stats.held);
  gauge('relay_in_flight_events', 'Events in requests under way.').set(stats.inFlight);
  gauge('relay_paused_seconds', 'Time until this relay sends again.').set(inSeconds(stats.pausedUntil));
  gauge('redis_up', 'Whether Redis is available.').set(+isRedisUp);
  gauge('api_up', 'Whether the API accepts events.').set(+isApiUp);

  const jobs = gauge('queue_jobs', 'Jobs in Redis, each of 1 to 100 events.', ['kind', 'state']);
  const oldest = gauge('queue_oldest_seconds', 'How long the first job has been waiting.', ['kind']);
  for (const { kind, jobs: byState, oldestMs } of queues) {
    for (const [state, value] of Object.entries(byState)) jobs.set({ kind, state }, value);
    oldest.set({ kind }, oldestMs / 1000);
  }
  const { limit, remaining, resetsAt } = budget ?? {};
  if (limit !== undefined) gauge('budget_limit', 'Requests in a window, of all relays.').set(limit);
  if (remaining !== undefined) gauge('budget_remaining', 'Requests left in the window.').set(remaining);
  if (resetsAt !== undefined)
    gauge('budget_reset_seconds', 'Time until the window ends.').set(inSeconds(resetsAt));
  return registry;
}
