import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between an application and Redis, and can play what networks do. */
export interface RedisProxy {
  readonly url: string;
  /** From here on, no answer of Redis comes through. */
  swallowAnswers(isSwallowing: boolean): void;
  /**
   * Takes the place of a Redis that has `WAITAOF`: from here on it returns `[onDisk, 0]`, by a script. Redis before
   * 7.2 has none.
   */
  waitaof(onDisk: 0 | 1): void;
  /** How many `WAITAOF` went through. */
  readonly waitaofs: number;
  /** Cuts all connections. */
  cut(): void;
  /** Leads new connections to another Redis; those that are there stay. */
  leadTo(port: number): void;
  /** How many connections lead to a Redis. */
  connections(port: number): number;
  close(): Promise<void>;
}

/** `WAITAOF 1 0 <ms>` as it is on the wire. */
const waitaof = /\*4\r\n\$7\r\nWAITAOF\r\n\$1\r\n1\r\n\$1\r\n0\r\n\$4\r\n\d{4}\r\n/g;
const returning = (onDisk: number): string =>
  `*3\r\n$4\r\nEVAL\r\n$12\r\nreturn {${onDisk},0}\r\n$1\r\n0\r\n`;

export async function startProxy(firstPort: number): Promise<RedisProxy> {
  const sockets = new Set<Socket>();
  let port = firstPort;
  let isSwallowing = false;
  let onDisk: 0 | 1 | undefined;
  let waitaofs = 0;
  const server = createServer((client) => {
    const redis = connect(port, '127.0.0.1');
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        redis.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      const commands = chunk.toString('latin1').replace(waitaof, (command) => {
        waitaofs++;
        return onDisk === undefined ? command : returning(onDisk);
      });
      redis.write(commands, 'latin1');
    });
    redis.on('data', (chunk) => {
      if (!isSwallowing) client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: RedisProxy = {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallowAnswers(value) {
      isSwallowing = value;
    },
    waitaof(value) {
      onDisk = value;
    },
    get waitaofs() {
      return waitaofs;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    leadTo(value) {
      port = value;
    },
    connections: (port) => [...sockets].filter(({ remotePort }) => remotePort === port).length,
    async close() {
      proxy.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
