import { describe, expect, it } from 'vitest';
import { inbox, report } from '../browser-report.js';
import type { Suite } from '../suite.js';

export function promiseBrowserScript<Request>({ open }: Suite<Request>): void {
  describe('the script', () => {
    it('is served before any login, and may be kept', async () => {
      const authenticate = async (): Promise<never> => {
        throw new Error('no one is let in');
      };
      const site = await open({ tracking: { browser: true }, application: { authenticate } });

      const script = await site.get('/seen.js?v=1', { 'sec-fetch-dest': 'script' });
      const head = await site.send({ method: 'HEAD', path: '/seen.js' });
      const kept = await site.get('/seen.js', { 'if-none-match': script.headers.etag });

      expect(script).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'text/javascript; charset=utf-8',
          'content-length': String(script.body.length),
          'cache-control': 'public, max-age=3600',
          'x-content-type-options': 'nosniff',
          vary: 'Accept-Encoding',
        },
      });
      expect(script.body).toContain('keepalive');
      expect(head).toMatchObject({ status: 200, headers: { etag: script.headers.etag }, body: '' });
      expect(kept).toMatchObject({ status: 304, body: '' });
      expect(site.outcome).toEqual({ recorded: 0, skipped: {} });
    });

    it('is compressed', async () => {
      const site = await open({ tracking: { browser: true } });

      const { headers } = await site.get('/seen.js', { 'accept-encoding': 'gzip' });

      expect(headers).toMatchObject({ 'content-encoding': 'gzip' });
      expect(Number(headers['content-length'])).toBeLessThan(1_300);
    });

    it('is where the option puts it, and the rest stays the application’s', async () => {
      const site = await open({ tracking: { browser: { path: '/page' } } });

      expect((await site.get('/page.js')).body).toContain('keepalive');
      expect((await site.get('/page')).body).toContain('A page.');
      expect((await site.get('/seen.js')).status).toBe(404);
    });

    it('is there where the tracker is off, and its reports are answered', async () => {
      const site = await open({ tracker: { enabled: false }, tracking: { browser: true } });

      expect(await site.get('/seen.js')).toMatchObject({ status: 200 });
      expect(await report(site, inbox)).toMatchObject({ status: 204 });
    });

    it('is not there where `browser` is off', async () => {
      const site = await open();

      expect((await site.get('/seen.js')).status).toBe(404);
      expect((await report(site, inbox)).status).toBe(404);
    });
  });
}
