import { describe, expect, it } from 'vitest';
import { userNamedBy } from '../site.js';
import { because, type Suite } from '../suite.js';

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' };

export function promiseVisitUrls<Request>({ open, flags }: Suite<Request>): void {
  describe('visit_url', () => {
    it('is the original URL where a mounted router answers', async () => {
      const site = await open();

      await site.get('/section/page?tab=2');
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/section/page?tab=2`]);
    });

    it('has the host that the browser asked for, with its port', async () => {
      const site = await open();

      await site.get('/page', { host: 'app.example.com:8080' });
      await site.get('/page', { host: '[::1]:8080' });
      await site.flush();

      expect(site.visitUrls).toEqual(['http://app.example.com:8080/page', 'http://[::1]:8080/page']);
    });

    it.each([
      ['its protocol and host', forwarded, 'https://app.example.com/page'],
      [
        'a port',
        { ...forwarded, 'x-forwarded-host': 'app.example.com:8443' },
        'https://app.example.com:8443/page',
      ],
    ])('is the public one behind a proxy that the application trusts: %s', async (_, headers, visitUrl) => {
      const site = await open({ application: { trustsProxy: true } });

      await site.get('/page', headers);
      await site.flush();

      expect(site.visitUrls).toEqual([visitUrl]);
    });

    const which = flags.readsLastForwarded ? `last (${flags.readsLastForwarded})` : 'first';
    it(`is that of the ${which} of several proxies`, async () => {
      const site = await open({ application: { trustsProxy: true } });

      await site.get('/page', {
        'x-forwarded-proto': 'https,http',
        'x-forwarded-host': 'app.example.com, inner.example.com',
      });
      await site.flush();

      expect(site.visitUrls).toEqual([
        flags.readsLastForwarded ? 'http://inner.example.com/page' : 'https://app.example.com/page',
      ]);
    });

    const byBaseUrl = [
      ['baseUrl names it', 'https://example.com/app', {}, 'https://example.com/app'],
      ['baseUrl ends with a slash', 'https://example.com/app/', {}, 'https://example.com/app'],
    ] as const;
    const byProxy = [
      ['a trusted proxy names it', undefined, { 'x-forwarded-prefix': '/app' }, '/app'],
      ['two proxies do', undefined, { 'x-forwarded-prefix': '/outer, /inner/' }, '/outer/inner'],
    ] as const;
    it.each(flags.ignoresForwardedPrefix ? byBaseUrl : [...byBaseUrl, ...byProxy])(
      'has the path that a proxy strips: %s',
      async (_, baseUrl, headers, base) => {
        const site = await open({ tracking: { baseUrl }, application: { trustsProxy: true } });
        const url = base.startsWith('/') ? site.url + base : base;

        await site.get('/page?tab=2', headers);
        await site.get(`${new URL(url).pathname}/page`, headers);
        await site.flush();

        // The second is not found by the application, which a proxy that strips it would not have asked for.
        expect(site.visitUrls).toEqual([`${url}/page?tab=2`]);
      },
    );

    it.each([
      ['a proxy that is not trusted', false, '/app'],
      ['what is not a path', true, '/a b?x=<script>'],
    ])('has no prefix by %s', async (_, trustsProxy, prefix) => {
      const site = await open({ application: { trustsProxy } });

      await site.get('/page', { 'x-forwarded-prefix': prefix });
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/page`]);
    });

    it('is that of the headers as they came, also where a middleware changes them', async () => {
      const site = await open({
        application: {
          async authenticate(headers) {
            const user = userNamedBy(headers);
            headers.host = 'inner.example.com';
            headers['sec-fetch-dest'] = 'empty';
            return user;
          },
        },
      });

      await site.get();
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/page`]);
    });

    it('does not believe X-Forwarded headers where the application trusts no proxy', async () => {
      const site = await open();

      await site.get('/page', forwarded);
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/page`]);
    });

    it('has the origin of `baseUrl` in any case', async () => {
      const site = await open({
        tracking: { baseUrl: 'https://shop.example.com' },
        application: { trustsProxy: true },
      });

      await site.get('/section/page?tab=2', forwarded);
      await site.get('/page', { host: flags.rejectsInvalidUrls ? 'inner.example.com' : 'no host' });
      await site.browser.sendRaw('GET /page HTTP/1.0');
      await site.flush();

      expect(site.visitUrls).toEqual([
        'https://shop.example.com/section/page?tab=2',
        'https://shop.example.com/page',
        'https://shop.example.com/page',
      ]);
    });

    const targets = [
      ['//evil.example/x', '//evil.example/x'],
      ['//evil.example/x?tab=2', '//evil.example/x?tab=2'],
    ];
    const absoluteTargets = [
      ['http://evil.example/page?tab=2', '/page?tab=2'],
      ['https://evil.example', '/'],
    ];
    const invalidTargets = [
      ['/\\evil.example/x', '/\\evil.example/x'],
      ['http://user:secret@evil.example/page', '/page'],
    ];
    it.each([
      ...targets,
      ...(flags.takesHostFromServer ? [] : absoluteTargets),
      ...(flags.rejectsInvalidUrls ? [] : invalidTargets),
    ])('never has its host from the path: GET %s', async (target, path) => {
      // Said by the application, since not every framework has a route for such a path.
      const site = await open({
        application: {
          async authenticate(_, track) {
            track.pageview();
            return { id: 'ada', orgId: 'org-of-ada' };
          },
        },
      });

      await site.get(target);
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}${path}`]);
    });

    it.skipIf(flags.takesHostFromServer)(
      `is recorded for a page that was asked for in absolute form${because(flags.takesHostFromServer)}`,
      async () => {
        const site = await open();

        const user = flags.rejectsInvalidUrls ? '' : 'user:secret@';
        const answer = await site.get(`http://${user}evil.example/page?tab=2`);
        await site.flush();

        expect(answer.status).toBe(200);
        expect(site.visitUrls).toEqual([`${site.url}/page?tab=2`]);
      },
    );

    it.skipIf(flags.rejectsInvalidUrls).each([
      ['no host', 'no host'],
      ['a path', 'app.example.com/admin'],
      ['a port that is none', 'app.example.com:99999'],
      ['an address that is none', '1.2.3.400'],
    ])(`is not made up where the Host header is %s${because(flags.rejectsInvalidUrls)}`, async (_, host) => {
      const site = await open();

      await site.get('/page', { host });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { no_url: 1 } });
      expect(site.drops).toEqual([]);
    });

    it.skipIf(flags.rejectsInvalidUrls)(
      `has no user, wherever one may come from${because(flags.rejectsInvalidUrls)}`,
      async () => {
        const site = await open();

        await site.get('http://user:secret@app.example.com/page');
        await site.get('/page', { host: 'user:secret@app.example.com' });
        await site.flush();

        expect(site.visitUrls).not.toEqual([]);
        expect(site.visitUrls.join()).not.toMatch(/user|secret/);
      },
    );

    it('is not made up where a trusted proxy names no web protocol', async () => {
      const site = await open({ application: { trustsProxy: true } });

      await site.get('/page', { 'x-forwarded-proto': 'javascript' });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { no_url: 1 } });
      expect(site.drops).toEqual([]);
    });

    it.skipIf(flags.takesHostFromServer)(
      `is not made up where HTTP/1.0 came without a host${because(flags.takesHostFromServer)}`,
      async () => {
        const site = await open();

        const status = await site.browser.sendRaw('GET /page HTTP/1.0');
        await site.flush();

        expect(status).toBe(200);
        expect(site.outcome).toEqual({ recorded: 0, skipped: { no_url: 1 } });
      },
    );

    it('has no fragment', async () => {
      const site = await open();

      await site.get('/page?tab=2#access_token=abc');
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/page?tab=2`]);
    });

    it.each([
      ['token=abc&tab=2', 'token=&tab=2'],
      ['tab=2&access_token=abc&id_token=def', 'tab=2&access_token=&id_token='],
      ['code=abc&state=def', 'code=&state='],
      ['password=abc&secret=def&otp=123456', 'password=&secret=&otp='],
      ['api_key=a&api_token=b&jwt=c&session=d', 'api_key=&api_token=&jwt=&session='],
      ['sig=abc&signature=def&X-Amz-Signature=abc&X-Goog-Signature=abc', null],
      ['TOKEN=abc&Access_Token=def', 'TOKEN=&Access_Token='],
      ['%74oken=abc&access%5Ftoken=def', '%74oken=&access%5Ftoken='],
      ['token=abc=def&token=ghi', 'token=&token='],
      ['token[]=abc&token%5B0%5D=def&user[password]=ghi', 'token[]=&token%5B0%5D=&user[password]='],
      ['invite=abc&INVITE=def&invited=yes', 'invite=&INVITE=&invited=yes'],
      ['token&tab=%zz&tab=2', 'token&tab=%zz&tab=2'],
    ])('has no values of secret parameters: ?%s', async (query, cut) => {
      const site = await open({ tracking: { secretParams: ['invite'] } });

      await site.get(`/page?${query}`);
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/page?${cut ?? query.replace(/=[^&]*/g, '=')}`]);
    });

    it.each([
      ['x'.repeat(4_000), 2_048],
      // Cut in the middle of an escape, it would not be a URL any more.
      ['%20'.repeat(1_000), undefined],
    ])('has at most 2048 characters', async (text, length) => {
      const site = await open();

      const visitUrl = `${site.url}/page?q=${text}`;
      await site.get(visitUrl.slice(site.url.length));
      await site.flush();

      const recorded = String(site.visitUrls[0]);
      expect(visitUrl.startsWith(recorded)).toBe(true);
      expect(recorded.length).toBeGreaterThan(2_045);
      expect(recorded.length).toBeLessThanOrEqual(length ?? 2_048);
      expect(recorded).not.toMatch(/%.?$/);
    });
  });
}
