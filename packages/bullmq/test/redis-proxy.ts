import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between an application and Redis, and can play what networks do. */
export interface RedisProxy {
  readonly url: string;
  /** From here on, no answer of Redis comes through. */
  swallowAnswers(isSwallowing: boolean): void;
  /** Cuts all connections. */
  cut(): void;
  /** Leads new connections to another Redis; those that are there stay. */
  leadTo(port: number): void;
  /** How many connections lead to a Redis. */
  connections(port: number): number;
  close(): Promise<void>;
}

export async function startProxy(firstPort: number): Promise<RedisProxy> {
  const sockets = new Set<Socket>();
  let port = firstPort;
  let isSwallowing = false;
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
    client.pipe(redis);
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
