import { describe, expect, it } from 'vitest';
import { type Site, token } from '../site.js';
import type { Suite } from '../suite.js';

/** Those about requests to the application, not about requests to the API. */
function requestLines({ lines }: Site): string[] {
  return lines.filter((line) => /^\[successeve\] [A-Z]+ /.test(line));
}

export function promiseDebugLines<Request>({ open, flags }: Suite<Request>): void {
  describe('a debug line', () => {
    it('says for every request whether it counted and, if not, why', async () => {
      const site = await open({ tracker: { debug: true } });

      await site.get('/page');
      await site.get('/page', { 'x-user': undefined });
      await site.get('/missing');
      await site.send({ method: 'POST', path: '/act' });
      await site.get('/section/page', { purpose: 'prefetch' });
      await site.flush();

      expect(requestLines(site)).toEqual([
        expect.stringMatching(/GET \/page 200\b.*\bpageview$/),
        expect.stringMatching(/GET \/page 200\b.*\bno_contact$/),
        expect.stringMatching(/GET \/missing 404\b.*\bstatus$/),
        expect.stringMatching(/POST \/act 200\b.*\bmethod$/),
        expect.stringMatching(/GET \/section\/page 200\b.*\bprefetch$/),
      ]);
    });

    it('holds no query, no contact and no token', async () => {
      const site = await open({ tracker: { debug: true } });

      await site.get('/page?email=ada@example.com&token=abc');
      await site.flush();

      expect(site.lines.join('\n')).not.toMatch(/email|abc|\bada\b/);
      expect(site.lines.join('\n')).not.toContain(token);
    });

    it('cannot be forged by a request', async () => {
      const site = await open({ tracker: { debug: true }, application: { trustsProxy: true } });
      const forged = '%0d%0a[successeve]%20GET%20/forged%20200:%20pageview%1b[2K%E2%80%A8';
      const control = '\u0085[successeve] GET /forged 200: pageview\u009b2K\t';

      await site.get(`/page${forged}`);
      await site.get(`//[successeve]${forged}`);
      await site.get(`/page?${forged}`, { 'user-agent': control, purpose: control });
      await site.browser.sendRaw('GET /page HTTP/1.1', `host: ${control}`, `x-forwarded-host: ${control}`);
      // Node rejects these itself, where its parser is as strict as it is now.
      for (const character of ['\t', '\f', '\u0001', '\u007f', '\u0085', '\u009b']) {
        await site.browser.sendRaw(`GET /page${character}forged HTTP/1.1`, 'host: localhost');
      }
      await site.flush();

      for (const line of site.lines) {
        expect(line).toMatch(/^\[successeve\] /);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(line).not.toContain(' /forged');
      }
      expect(requestLines(site).length).toBeGreaterThanOrEqual(flags.rejectsInvalidUrls ? 3 : 4);
    });
  });
}
