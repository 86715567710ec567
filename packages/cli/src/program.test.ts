import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand, startCommand, startDevCommand } from '../test/command.js';
import { event, send, token, until } from '../test/dev.js';

describe('successeve', () => {
  it('shows its help, and fails without a command', async () => {
    const { code, err } = await runCommand([]);
    expect(code).toBe(2);
    expect(err).toMatch(/^Usage: successeve .*dev .*ping /s);
    expect(await runCommand(['--help'])).toMatchObject({ code: 0, out: err });
  });

  it('rejects an unknown command or option, and names the help', async () => {
    expect(await runCommand(['pong'])).toMatchObject({
      code: 2,
      err: "error: unknown command 'pong'\n(Did you mean ping?)\nTry successeve --help.\n",
    });
    expect(await runCommand(['dev', '--colour'])).toMatchObject({
      code: 2,
      err: "error: unknown option '--colour'\nTry successeve dev --help.\n",
    });
  });

  it('finishes its work after its output was closed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'successeve-unread-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'events.ndjson');
    writeFileSync(path, '{"contact_uid":"1","event_uid":"x"}\n');
    for (const args of [['--help'], ['import', path, '--dry-run'], ['ping', '--help']]) {
      const running = startCommand(args);
      running.child.stdout?.destroy();
      expect(await running.ended).toBe(0);
      expect(running.err).toBe('');
    }
  });
});

describe('successeve dev', () => {
  it('prints its address, what to set, and what arrives; and ends at once by a signal', async () => {
    const dev = await startDevCommand();
    const port = Number(new URL(dev.url).port);
    expect(dev.url).toBe(`http://127.0.0.1:${port}`);
    expect(dev.out).toContain(`SUCCESSEVE_API_URL=${dev.url}\n`);
    expect(dev.out).toContain('SUCCESSEVE_API_TOKEN=anything\n');
    expect(dev.out).toContain('Budget   900 requests in 300 s, then 429\n');
    await send(`${dev.url}/v1/track/event`, { body: { ...event, params: { display_name: 'A\u001b[31m' } } });
    await send(`${dev.url}/v1/track/event`, { body: { ...event, event_uid: 'User Registered' } });
    const params = { name: 'Ada Lovelace', account_uid: 'acme', plan: 'pro', seats: 3 };
    await send(`${dev.url}/v1/contact`, { body: { contact_uid: 'ada', params } });
    await send(`${dev.url}/v1/account`, { body: { account_uid: 'acme', params: { mrr: 99 } } });
    const skip = { type: 'skipped', at: 1, reason: 'no_contact', method: 'GET', path: '/login' };
    const drop = { type: 'dropped', at: 1, reason: 'invalid', message: 'no name', kind: 'event' };
    const warning = { type: 'warning', at: 1, code: 'proxy', message: 'a proxy is not trusted' };
    const shown = { ...skip, reason: 'too_many', method: 'SHOW', path: '/inbox' };
    const reported = { 'x-successeve-reported': '0' };
    await send(`${dev.url}/v1/track/event`, {
      body: { ...event, event_uid: 'filter_saved' },
      headers: reported,
    });
    await send(`${dev.url}/dev/reports`, { body: { reports: [drop, warning, shown, skip] } });
    await until(() => expect(dev.out).toContain('/login'));
    expect(dev.out).toMatch(/\n\d\d:\d\d:\d\d {2}user_registration +ada +A\\u001b\[31m\n/);
    expect(dev.out).toMatch(
      /rejected 400 +body\.event_uid: expected a name in snake_case, got "User Registered"\n/,
    );
    expect(dev.out).toMatch(/\n +Name the event in snake_case/);
    expect(dev.out).toMatch(/contact +ada +Ada Lovelace, plan: pro, seats: 3\n/);
    expect(dev.out).toMatch(/account +acme +mrr: 99\n/);
    expect(dev.out).toMatch(/not counted +no_contact +GET \/login\n/);
    expect(dev.out).toMatch(/not counted +too_many +\/inbox \(reported by the browser\)\n/);
    expect(dev.out).toMatch(/filter_saved +ada +\(reported by the browser\)\n/);
    expect(dev.out).toMatch(/dropped: invalid +event: no name\n/);
    expect(dev.out).toMatch(/warning +proxy +a proxy is not trusted\n/);
    expect(dev.out).not.toContain('\u001b');
    const page = await fetch(`${dev.url}/dev/stream`);
    dev.child.kill('SIGINT');
    expect(await dev.ended).toBe(0);
    await expect(page.text()).rejects.toThrow();
    expect(dev.err).toBe('');
  });

  it('is quiet with --quiet', async () => {
    const dev = await startDevCommand(['--quiet']);
    await send(`${dev.url}/v1/track/event`, { body: event });
    dev.child.kill('SIGTERM');
    expect(await dev.ended).toBe(0);
    expect(dev.out).not.toContain('user_registration');
  });

  it('counts the events beyond those that it prints', async () => {
    const dev = await startDevCommand();
    const body = Array(100).fill({ method: 'event', ...event });
    await send(`${dev.url}/v1/batch`, { body });
    await until(() => expect(dev.out).toContain('… and 80 more, on the page'));
    expect(dev.out.match(/user_registration/g)).toHaveLength(20);
  });

  it('accepts only the token of --token, and does not print it', async () => {
    const dev = await startDevCommand(['--token', token]);
    expect((await send(`${dev.url}/v1/ping`)).status).toBe(200);
    const headers = { authorization: `Basic ${btoa('another:')}` };
    expect((await send(`${dev.url}/v1/ping`, { headers })).status).toBe(401);
    expect(dev.out).not.toContain(token);
  });

  it('fails, is slow and has a budget as its options demand', async () => {
    const dev = await startDevCommand([
      ...['--fault', '503:40%', '--fault', 'hang:2.5%', '--latency', '1.5s', '--rate-limit', '5/10'],
    ]);
    expect(await (await fetch(`${dev.url}/dev/hello`)).json()).toMatchObject({
      budget: { limit: 5, remaining: 5, windowMs: 10_000 },
      faults: {
        answers: [
          { answer: 503, percent: 40 },
          { answer: 'hang', percent: 2.5 },
        ],
        latencyMs: 1500,
      },
    });
    const without = await startDevCommand(['--rate-limit', 'off']);
    expect(await (await fetch(`${without.url}/dev/hello`)).json()).toMatchObject({ budget: null });
  });

  it.each([
    ['--port', '70000', 'Expected a number up to 65535'],
    ['--token', 'a:b', 'Expected visible ASCII without a colon'],
    ['--rate-limit', '900', 'Expected requests/seconds, such as 900/300, or off'],
    ['--rate-limit', '0/10', 'Expected requests/seconds'],
    ['--fault', '200', 'Expected a status from 400 to 599, hang or reset'],
    ['--fault', '503:0%', 'such as 503:10%'],
    ['--fault', '503:101%', 'such as 503:10%'],
    ['--fault', '503:10', 'such as 503:10%'],
    ['--latency', '200', 'Expected a time such as 200ms or 1.5s'],
    ['--latency', '601s', 'up to 600s'],
  ])('rejects %s %s, and prints what it expected', async (option, value, message) => {
    const { code, err } = await runCommand(['dev', option, value]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('advises what to do when its port is taken, and by what', async () => {
    const { url } = await startDevCommand();
    const { port } = new URL(url);
    expect(await runCommand(['dev', '--port', port])).toEqual({
      code: 1,
      out: '',
      err: `error: Another successeve dev is running there already: open ${url}, or choose another port, such as --port ${Number(port) + 1}.\n`,
    });
    const other = createServer((_, response) => void response.end('hello')).listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await until(() => expect(other.listening).toBe(true));
    const taken = (other.address() as AddressInfo).port;
    expect(await runCommand(['dev', '--port', String(taken)])).toMatchObject({
      code: 1,
      err: `error: Port ${taken} is taken by another program: choose another one, such as --port ${taken + 1}.\n`,
    });
  });

  it('warns of what it means to listen elsewhere than on loopback', async () => {
    const { out } = await startDevCommand(['--host', '0.0.0.0']);
    expect(out).toContain('Other machines can reach this');
    const wrong = await runCommand(['dev', '--port', '0', '--host', '203.0.113.1']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('--host 203.0.113.1 is not an address of this machine');
  });

  it('has colours where they are wanted, as on no pipe', async () => {
    expect((await startDevCommand()).out).not.toContain('\u001b');
    const { out } = await startDevCommand([], { env: { FORCE_COLOR: '1' } });
    expect(out).toContain('\u001b[1msuccesseve dev');
  });
});
