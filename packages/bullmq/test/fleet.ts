import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FakeApi, ReceivedRequest } from '@successeve/testing';
import { node } from './node.ts';
import { readLines } from './read-lines.ts';
import type { RedisServer } from './redis-server.ts';

/** A process of a fleet. */
interface Member {
  readonly name: string;
  readonly child: ChildProcess;
  readonly lines: string[];
}

/** What a fleet went through, and what came of it. */
export interface FleetReport {
  readonly handedOver: number;
  /** Events that were handed over and never arrived. */
  readonly lost: readonly string[];
  /**
   * Events that arrived again: who had sent them before, and how much time that one had to note it in Redis until it
   * was killed, if it was.
   */
  readonly duplicates: readonly { readonly sender: string; readonly msToNote: number | undefined }[];
  readonly kills: number;
  readonly seconds: number;
  readonly trouble: readonly string[];
}

export interface FleetOptions {
  readonly api: FakeApi;
  readonly redis: RedisServer;
  readonly queueName: string;
  /** In all, of five applications. */
  readonly events: number;
  readonly leaseMs: number;
  readonly redisAwayMs: number;
  /** How many relays are killed, one every second or so. */
  readonly kills: number;
  readonly batch: boolean;
}

const applications = 5;
const relays = 3;

/** Five applications and three relays, which are killed again and again, as is an application and Redis itself. */
export async function runFleet(options: FleetOptions): Promise<FleetReport> {
  const { api, redis, queueName, events, leaseMs, redisAwayMs, kills, batch } = options;
  const startedAt = Date.now();
  const members: Member[] = [];
  const killedAt = new Map<string, number>();
  /** When Redis was away. */
  const away = { from: Infinity, to: Infinity };
  const start = (script: string, name: string, env: Record<string, string>): Member => {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const token = { SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url };
    const child = spawn(node, [path], { env: { ...process.env, ...token, ...env } });
    const member: Member = { name, child, lines: [] };
    readLines(child, (line) => member.lines.push(line));
    members.push(member);
    return member;
  };
  const startRelay = (): Member =>
    start('relay-app.mjs', `relay${members.length}`, {
      RELAY_NAME: `relay${members.length}`,
      RELAY_REDIS: redis.url,
      RELAY_QUEUE: queueName,
      RELAY_LEASE_MS: String(leaseMs),
      RELAY_BATCH: batch ? '1' : '0',
    });
  const kill = async ({ name, child }: Member): Promise<void> => {
    const exit = once(child, 'exit');
    killedAt.set(name, Date.now());
    child.kill('SIGKILL');
    await exit;
  };
  const startApplication = (n: number): Member =>
    start('tracking-app.mjs', `app${n}`, {
      APP_NAME: `app${n}`,
      APP_REDIS: redis.url,
      APP_QUEUE: queueName,
      APP_EVENTS: String(Math.ceil(events / applications)),
    });

  try {
    const running = Array.from({ length: relays }, startRelay);
    const apps = Array.from({ length: applications }, (_, n) => startApplication(n));
    const handedOverBy = ({ lines }: Member): number =>
      Math.max(0, ...lines.flatMap((line) => /^handed over (\d+)$/.exec(line)?.[1] ?? []).map(Number));
    const isDone = (app: Member): boolean => handedOverBy(app) >= Math.ceil(events / applications);

    const killRelays = async (): Promise<void> => {
      for (let n = 0; n < kills; n++) {
        await sleep(300 + Math.random() * 1200);
        const victim = running.splice(Math.floor(Math.random() * running.length), 1)[0];
        if (victim) await kill(victim);
        running.push(startRelay());
      }
    };
    const stopRedis = async (): Promise<void> => {
      await until(
        () => apps.some((app) => handedOverBy(app) > events / applications / 3),
        'a third is handed over',
      );
      away.from = Date.now();
      await redis.stop();
      await sleep(redisAwayMs);
      await redis.start();
      away.to = Date.now();
    };
    const killApplication = async (): Promise<void> => {
      const [app] = apps;
      if (!app) return;
      await until(() => isDone(app), 'an application has handed over everything');
      await kill(app);
    };
    await Promise.all([killRelays(), stopRedis(), killApplication()]);
    await until(() => apps.every(isDone), 'all applications have handed over everything');

    const handedOver = apps.flatMap((app) =>
      Array.from({ length: handedOverBy(app) }, (_, n) => `${app.name}-${n}`),
    );
    const missing = (): string[] => {
      const arrived = new Set(api.events.map(({ contact_uid }) => contact_uid));
      return handedOver.filter((contact) => !arrived.has(contact));
    };
    await until(() => missing().length === 0, 'everything arrives', 3 * leaseMs + 30_000).catch(() => {});

    const sends = new Map<string, ReceivedRequest[]>();
    for (const request of api.requests) {
      if (request.status !== 200) continue;
      for (const { contact_uid } of request.events) {
        sends.set(contact_uid, [...(sends.get(contact_uid) ?? []), request]);
      }
    }
    const duplicates = [...sends.values()].flatMap((requests) =>
      requests.slice(0, -1).map(({ headers, receivedAt }) => {
        const sender = String(headers['x-sender']);
        const end = killedAt.get(sender);
        if (end === undefined) return { sender, msToNote: undefined };
        const msAway = Math.max(0, Math.min(end, away.to) - Math.max(receivedAt, away.from));
        return { sender, msToNote: end - receivedAt - msAway };
      }),
    );
    const trouble = members.flatMap(({ name, lines }) =>
      lines
        .filter((line) => !/^(started|handed over \d+|\{.*)$/.test(line))
        .map((line) => `${name}: ${line}`),
    );
    return {
      handedOver: handedOver.length,
      lost: missing(),
      duplicates,
      kills: killedAt.size,
      seconds: (Date.now() - startedAt) / 1000,
      trouble,
    };
  } finally {
    for (const { child } of members) child.kill('SIGKILL');
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isTrue: () => boolean, what: string, timeoutMs = 120_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(100);
  }
}
