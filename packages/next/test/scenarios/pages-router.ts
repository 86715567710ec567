import type { Scenario } from './scenario.js';

/** Pages of the Pages Router, and of both routers in turn. */
export const pagesRouter: readonly Scenario[] = [
  {
    name: 'the Pages Router: hard loads',
    pageviews: ['/legacy/static', '/legacy/built', '/legacy/server?a=1', '/legacy/static', '/legacy/static'],
    async act(visitor) {
      await visitor.open('/legacy/static', 'legacy static');
      await visitor.open('/legacy/built', 'legacy built');
      await visitor.open('/legacy/server?a=1', 'legacy server');
      await visitor.open('/legacy/static', 'legacy static');
      await visitor.page.reload();
      await visitor.ready('legacy static');
    },
  },
  {
    name: 'the Pages Router: static, getStaticProps, getServerSideProps, a redirect, back and forward',
    goesBack: true,
    pageviews: ['other', 'built', 'server', 'server']
      .flatMap((page) => ['/legacy/static', `/legacy/${page}`])
      .concat('/legacy/static', '/legacy/server'),
    async act(visitor) {
      await visitor.open('/legacy/static', 'legacy static');
      for (const page of ['other', 'built', 'server']) {
        await visitor.click(`legacy ${page}`, `legacy ${page}`);
        await visitor.back('legacy static');
      }
      await visitor.click('legacy redirecting', 'legacy server');
      await visitor.back('legacy static');
      await visitor.forward('legacy server');
    },
  },
  {
    name: 'the Pages Router: a redirect inside the browser',
    pageviews: ['/legacy/static', '/legacy/server?slow'],
    async act(visitor) {
      await visitor.isPatient();
      await visitor.open('/legacy/static', 'legacy static');
      await visitor.click('legacy guarded', 'legacy server');
    },
  },
  {
    name: 'from the App Router to the Pages Router and back',
    goesBack: true,
    isBrief: true,
    pageviews: ['/', '/legacy/static', '/static/b', '/legacy/static', '/'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.click('legacy static', 'legacy static');
      await visitor.ready('legacy static');
      await visitor.click('static b', 'static b');
      await visitor.ready('static b');
      await visitor.back('legacy static');
      await visitor.ready('legacy static');
      await visitor.back('hub');
      await visitor.ready('hub');
    },
  },
];
