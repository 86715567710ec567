import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DevApi } from '../../src/dev/api/dev-api.js';
import { noFaults } from '../../src/dev/api/faults.js';
import { type DevServer, startDevServer } from '../../src/dev/serve/server.js';
import { type Dev, event, send, track } from '../dev.js';
import { details, pageFolder, rows, startDevWithPage, titles, visit } from './visit.js';

function fault(page: Page, name: string | RegExp) {
  return page.getByRole('group', { name: 'Faults' }).getByRole('button', { name });
}

function isOn(page: Page, name: string | RegExp) {
  return expect.poll(() => fault(page, name).getAttribute('aria-pressed'));
}

describe('a fault', () => {
  it.each([
    ['503', 503],
    ['429', 429],
  ])('%s is switched on and off, and what it rejected is not called a mistake', async (name, status) => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await fault(page, name).click();
    await page.getByText(`Failing on purpose: ${status} to every request.`).waitFor();
    expect((await track(dev)).status).toBe(status);
    await rows(page, 'failed on purpose').click();
    await details(page).getByText('It says nothing about the request').waitFor();
    await fault(page, name).click();
    await page.getByText('Failing on purpose').waitFor({ state: 'detached' });
    expect((await track(dev)).status).toBe(200);
  });

  it('Hang leaves requests without a response, until it is switched off', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await fault(page, 'Hang').click();
    await page.getByText('no answer to every request').waitFor();
    track(dev).catch(() => {});
    await rows(page, 'no answer').waitFor();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await isOn(page, 'Hang').toBe('false');
    expect((await track(dev)).status).toBe(200);
  });

  it('Slow delays every response', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await fault(page, /Slow/).click();
    await page.getByText('2 s before each answer').waitFor();
    const startedAt = performance.now();
    expect((await track(dev)).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(1900);
    await isOn(page, /Slow/).toBe('true');
  });

  it('takes the place of another one that would answer every request', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await fault(page, '503').click();
    await isOn(page, '503').toBe('true');
    await fault(page, '429').click();
    await isOn(page, '429').toBe('true');
    await isOn(page, '503').toBe('false');
    expect((await track(dev)).status).toBe(429);
  });

  it('of the command line is shown with its share, and can be switched off', async () => {
    const answers = [
      { answer: 500, percent: 20 },
      { answer: 'reset', percent: 1 },
    ] as const;
    const dev = await startDevWithPage({ faults: { answers, latencyMs: 300 } });
    const page = await visit(dev.url);
    await page.getByText('500 to 20 % of requests, the connection cut for 1 % of requests, 300 ms').waitFor();
    await fault(page, /500/).click();
    await expect.poll(() => dev.devApi.hello().faults).toEqual({ answers: answers.slice(1), latencyMs: 300 });
    await fault(page, /500/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Switch off' }).click();
    await expect.poll(() => dev.devApi.hello().faults).toEqual(noFaults);
  });

  it('is the same in two tabs, whichever switches it', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    const other = await visit(dev.url);
    await fault(page, '503').click();
    await isOn(other, '503').toBe('true');
    await other.getByRole('button', { name: 'Switch off' }).click();
    await isOn(page, '503').toBe('false');
  });
});

describe('the budget', () => {
  it('counts down with each request, is spent, and resets', async () => {
    const dev = await startDevWithPage({ rateLimit: { limit: 2, windowMs: 8000 } });
    const page = await visit(dev.url);
    const budget = page.locator('.budget');
    await expect.poll(() => budget.textContent()).toMatch(/2 of 2 left/);
    await track(dev);
    await expect.poll(() => budget.textContent()).toMatch(/1 of 2 left *resets in 0:0\d/);
    await track(dev);
    expect((await track(dev)).status).toBe(429);
    await expect.poll(() => budget.textContent()).toMatch(/0 of 2 left/);
    await rows(page, 'Too many requests').waitFor();
    await expect.poll(() => budget.textContent(), { timeout: 20_000 }).toMatch(/2 of 2 left *$/);
    const meter = page.getByRole('meter', { name: 'Requests left of the budget' });
    expect(await meter.getAttribute('aria-valuenow')).toBe('2');
  });

  it('is named as missing where there is none', async () => {
    const page = await visit((await startDevWithPage()).url);
    await page.getByText('no limit').waitFor();
  });
});

it('shows how much arrives in a second', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  for (let nth = 0; nth < 30; nth++) await track(dev);
  await track(dev, {});
  const bars = () =>
    page.locator('.pace rect').evaluateAll((all) => {
      const heights = all.map(
        (bar) => [bar.getAttribute('class'), Number(bar.getAttribute('height'))] as const,
      );
      return {
        accepted: heights.some(([, height]) => height === 28),
        rejected: heights.some(([name, height]) => name === 'rejected' && height > 0),
      };
    });
  await expect.poll(bars).toEqual({ accepted: true, rejected: true });
});

describe('a server that goes away', () => {
  async function listenAgain(devApi: DevApi, port: number): Promise<DevServer> {
    const server = await startDevServer(devApi, { host: '127.0.0.1', port, pageFolder });
    onTestFinished(() => server.close());
    return server;
  }

  async function begin(): Promise<{ dev: Dev; server: DevServer; port: number; page: Page }> {
    const devApi = new DevApi({ faults: noFaults });
    const server = await listenAgain(devApi, 0);
    const dev = { devApi, url: server.url };
    const page = await visit(dev.url, { losesServer: true });
    await track(dev);
    await rows(page).waitFor();
    return { dev, server, port: Number(new URL(server.url).port), page };
  }

  it('is shown as not running, and what was received stays until it is back', async () => {
    const { dev, server, port, page } = await begin();
    await server.close();
    await page.getByText('successeve dev is not running.').waitFor();
    expect(await titles(page, 1)).toEqual(['user_registration']);
    expect(await page.getByRole('button', { name: 'Clear' }).isDisabled()).toBe(true);
    await expect.poll(() => page.title()).toBe('successeve dev: not running');
    await listenAgain(dev.devApi, port);
    await page.getByText('Live', { exact: true }).waitFor();
    await track(dev, { ...event, event_uid: 'after_it' });
    expect(await titles(page, 2)).toEqual(['after_it', 'user_registration']);
  });

  it('goes on where the page was, when only the connection was lost', async () => {
    const { dev, server, port, page } = await begin();
    await rows(page, 'user_registration').click();
    await server.close();
    await page.getByText('successeve dev is not running.').waitFor();
    // Nobody can send meanwhile, but a devApi may receive by another door.
    const side = await listenAgain(dev.devApi, 0);
    await track(side, { ...event, event_uid: 'meanwhile' });
    await listenAgain(dev.devApi, port);
    expect(await titles(page, 2)).toEqual(['meanwhile', 'user_registration']);
    await details(page).getByRole('heading', { name: 'user_registration' }).waitFor();
  });

  it('is another one after a restart: the page starts over', async () => {
    const { server, port, page } = await begin();
    await rows(page, 'user_registration').click();
    await details(page).waitFor();
    await server.close();
    await page.getByText('successeve dev is not running.').waitFor();
    const devApi = new DevApi({ faults: noFaults });
    await listenAgain(devApi, port);
    await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor();
    expect(await details(page).count()).toBe(0);
    await track(server, { ...event, event_uid: 'of_another_run' });
    expect(await titles(page, 1)).toEqual(['of_another_run']);
  });

  it('shows why an action failed', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url, { losesServer: true });
    await page.route('**/dev/entries', (route) => route.abort());
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('alert').getByText('Could not clear').waitFor();
    expect((await send(`${dev.url}/v1/ping`)).status).toBe(200);
  });
});
