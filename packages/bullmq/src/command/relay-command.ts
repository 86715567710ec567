import { defineCommand, UsageError } from '@successeve/command-line';
import type { ListenOptions } from '../relay/http-endpoint.js';
import { jsonLine, jsonLogger } from '../relay/json-logger.js';
import { createRelay, type Relay } from '../relay/relay.js';

/** For a command that contains this one. */
export interface RelayCommandOptions {
  /**
   * The name in usage and errors.
   * @defaultValue `'successeve-relay'`
   */
  name?: string;
  /** Stops the relay, as SIGTERM and SIGINT do. */
  signal?: AbortSignal;
}

const usage = (name: string): string => `${name} [options]

Sends the events that your applications handed over to Redis to the SuccessEve
Tracking API. Start as many as you like: they share the work and one budget.

  --batch            up to 100 events in a request, by POST /v1/batch
  --redis <url>      where the queue is [REDIS_URL, or redis://127.0.0.1:6379]
  --queue <name>     its name, as given to bullmqTransport [successeve]
  --prefix <prefix>  what its keys begin with, as given there [bull]
  --api-url <url>    the API [SUCCESSEVE_API_URL, or SuccessEve's]
  --port <n>         of /healthz and /metrics, 0 for any free one [9464]
  --host <address>   their address [127.0.0.1]
  --lease-ms <n>     how long it may be frozen before the others consider it
                     dead and send what it held [30000]
  --help             this text

The API token comes only from SUCCESSEVE_API_TOKEN, since all users of a
machine can read its command lines. For the same reason, write a password for
Redis into REDIS_URL.

It logs lines of JSON. SIGTERM or SIGINT stop it: it takes no more jobs, waits
for the requests under way, and gives the rest back. A second signal ends it at
once; what it held then waits until the lease has run out.

Exit codes: 0 stopped, 1 failure, 2 usage error.
`;

const flags = {
  batch: { type: 'boolean' },
  redis: { type: 'string' },
  queue: { type: 'string' },
  prefix: { type: 'string' },
  'api-url': { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'lease-ms': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The reader of a log may go away. The relay continues, where Node would end it. */
const ignore = (): void => {};

/**
 * Runs `successeve-relay` until a signal stops it.
 *
 * @returns the exit code: 0 stopped, 1 failure, 2 usage error.
 */
export async function relayCommand(
  args: readonly string[],
  { name = 'successeve-relay', signal }: RelayCommandOptions = {},
): Promise<0 | 1 | 2> {
  for (const stream of [process.stdout, process.stderr]) stream.off('error', ignore).on('error', ignore);
  return command(signal)(args, { name, stdout: process.stdout, stderr: process.stderr });
}

const command = (signal: AbortSignal | undefined) =>
  defineCommand({
    usage,
    flags,
    async run({ values }) {
      const { REDIS_URL } = process.env;
      const port = readNumber('port', values.port, 65_535);
      const leaseMs = readNumber('lease-ms', values['lease-ms'], 300_000);
      const write = (line: string): unknown => process.stdout.write(line);
      const log = (message: string, fields: object): unknown =>
        write(jsonLine({ level: 'info', message, ...fields }));
      const relay = createRelay({
        connection: values.redis ?? (REDIS_URL || 'redis://127.0.0.1:6379'),
        queueName: values.queue,
        prefix: values.prefix,
        apiUrl: values['api-url'],
        batch: values.batch,
        leaseMs,
        logger: jsonLogger(write),
      });
      try {
        const url = await listen(relay, { port, host: values.host });
        log('the relay has started', { pid: process.pid, health: `${url}/healthz` });
        log('the relay stops', { why: await stopped(signal) });
      } finally {
        await relay.close();
      }
      log('the relay has stopped', relay.stats());
    },
  });

async function listen(relay: Relay, options: ListenOptions): Promise<string> {
  try {
    return await relay.listen(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `--port: expected a free one, got ${options.port ?? 9464}, which is in use; 0 is any free one`,
    );
  }
}

/** Resolves with the reason to stop. A second signal has its usual effect, and ends the process. */
function stopped(signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve) => {
    const onSignal = (name: string): void => {
      for (const each of ['SIGTERM', 'SIGINT']) process.removeListener(each, onSignal);
      resolve(name);
    };
    for (const each of ['SIGTERM', 'SIGINT']) process.on(each, onSignal);
    signal?.addEventListener('abort', () => onSignal('its caller'), { once: true });
  });
}

function readNumber(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) <= max) return Number(text);
  throw new UsageError(`--${name}: expected a number up to ${max}, got ${text}`);
}
