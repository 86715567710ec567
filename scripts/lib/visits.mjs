/**
 * One request to an example, and what has to come of it.
 *
 * @typedef {object} Visit
 * @property {string} who has cookies and a cache that last from one visit to the next
 * @property {string} method `SHOW` for a page that the browser shows by itself, and reports
 * @property {string} path
 * @property {Record<string, string>} [headers] in place of those of a browser that opens a page; empty for none
 * @property {Record<string, string>} [form]
 * @property {string} [reportsTo] where the browser reports what it shows, unless that is Next's relay
 * @property {boolean} [isReload] asks only for what has changed
 * @property {number} status
 * @property {string} outcome `pageview`, or the reason why it is none
 * @property {readonly Tracked[]} [tracked]
 */

/**
 * What the API has to receive of a visit: a pageview with its path on the site, an event with its display name, or a
 * contact or an account with its name.
 *
 * @typedef {object} Tracked
 * @property {string} [contact]
 * @property {string} account
 * @property {string} event `contact` or `account` for what is told of those
 * @property {string} detail
 */

const ada = { contact: 'ada', account: 'acme' };
const grace = { contact: 'grace', account: 'navy' };

/** What is told once of whoever has signed in. */
const whoAdaIs = [
  { ...ada, event: 'contact', detail: 'Ada Lovelace' },
  { account: ada.account, event: 'account', detail: 'Acme Analytics' },
];
const whoGraceIs = [
  { ...grace, event: 'contact', detail: 'Grace Hopper' },
  { account: grace.account, event: 'account', detail: 'Navy Computing' },
];

const prefetch = { 'sec-purpose': 'prefetch', 'sec-fetch-user': '' };
const reload = { 'cache-control': 'max-age=0' };
const image = { ...fetched('image', 'no-cors'), accept: 'image/*' };
const script = { ...fetched('empty', 'cors'), accept: '*/*' };
const googlebot = {
  ...fetched('', ''),
  'sec-fetch-site': '',
  'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
};

/** What the browser shows by itself, and reports. */
const shown = { method: 'SHOW', status: 204, reportsTo: '/seen' };

/** An ordinary hour on the site: the same for every example on which the server is asked for every page. @type {readonly Visit[]} */
const visits = [
  none('status', 'Ada', 'GET', '/onboarding', { status: 303 }),
  none('no_contact', 'Ada', 'GET', '/login'),
  none('method', 'Ada', 'POST', '/login', { form: { user: 'ada' }, status: 303 }),
  page('Ada', '/', ada, { told: whoAdaIs }),
  none('not_a_page', 'Ada', 'GET', '/logo.svg', { headers: image }),
  none('no_contact', 'Grace', 'GET', '/login'),
  none('method', 'Grace', 'POST', '/login', { form: { user: 'grace' }, status: 303 }),
  page('Ada', '/onboarding', ada),
  page('Grace', '/?token=s3cret', grace, { recordedAs: '/?token=', told: whoGraceIs }),
  page('Grace', '/account', grace),
  none('prefetch', 'Grace', 'GET', '/reports/42', { headers: prefetch }),
  page('Grace', '/reports/42', grace),
  page('Ada', '/reports/7', ada),
  none('method', 'Grace', 'POST', '/reports/42/export', {
    form: {},
    tracked: [{ ...grace, event: 'report_exported', detail: 'Report exported' }],
  }),
  page('Grace', '/reports/42', grace, { isReload: true, headers: reload, status: 304 }),
  none('not_a_page', 'Ada', 'GET', '/reports/7', { headers: script }),
  none('status', 'Ada', 'GET', '/reports/999', { status: 404 }),
  none('bot', 'Googlebot', 'GET', '/', { headers: googlebot }),
  none('method', 'Ada', 'POST', '/logout', { form: {}, status: 303 }),
  none('no_contact', 'Ada', 'GET', '/'),
];

/** Where links are fetched ahead, and the browser goes to most pages by itself. @type {readonly Visit[]} */
const nextVisits = [
  none('status', 'Ada', 'GET', '/reports/7', { status: 307 }),
  none('no_contact', 'Ada', 'GET', '/login'),
  none('method', 'Ada', 'POST', '/session', {
    form: { user: 'ada' },
    status: 303,
    tracked: [...whoAdaIs, { ...ada, event: 'user_signed_in', detail: 'Signed in' }],
  }),
  page('Ada', '/', ada),
  none('not_a_page', 'Ada', 'GET', '/onboarding', { headers: script }),
  page('Ada', '/onboarding', ada, { method: 'SHOW', status: 204 }),
  none('not_a_page', 'Ada', 'GET', '/reports/42', { headers: script }),
  page('Ada', '/reports/42', ada, { method: 'SHOW', status: 204 }),
  page('Ada', '/onboarding', ada, { method: 'SHOW', status: 204 }),
  page('Ada', '/onboarding', ada, { isReload: true, headers: reload, status: 304 }),
  none('prefetch', 'Ada', 'GET', '/reports/42', { headers: prefetch }),
  page('Ada', '/reports/42?token=s3cret', ada, { recordedAs: '/reports/42?token=' }),
  none('status', 'Ada', 'GET', '/reports/999', { status: 404 }),
  none('bot', 'Googlebot', 'GET', '/', { headers: googlebot }),
  none('method', 'Ada', 'POST', '/session', { form: { user: '' }, status: 303 }),
  none('no_contact', 'Ada', 'SHOW', '/', { status: 204 }),
];

/** Where the browser shows every page by itself, and the server sees documents that are left to it. @type {readonly Visit[]} */
const spaVisits = [
  none('left_to_browser', 'Ada', 'GET', '/reports/7'),
  none('no_contact', 'Ada', 'SHOW', '/login', shown),
  none('method', 'Ada', 'POST', '/api/login', { form: { user: 'ada' } }),
  page('Ada', '/', ada, { ...shown, told: whoAdaIs }),
  none('not_a_page', 'Ada', 'GET', '/api/reports', { headers: script }),
  page('Ada', '/reports/42', ada, shown),
  none('not_a_page', 'Ada', 'GET', '/api/reports/42', { headers: script }),
  none('method', 'Ada', 'POST', '/api/reports/42/export', {
    form: {},
    tracked: [{ ...ada, event: 'report_exported', detail: 'Report exported' }],
  }),
  page('Ada', '/', ada, shown),
  none('left_to_browser', 'Ada', 'GET', '/reports/7?token=s3cret'),
  page('Ada', '/reports/7?token=s3cret', ada, { ...shown, recordedAs: '/reports/7?token=' }),
  none('method', 'Ada', 'POST', '/api/logout', { form: {} }),
  none('no_contact', 'Ada', 'SHOW', '/login', shown),
];

/**
 * What somebody does in a browser on the single-page application, and the page that is shown then.
 *
 * @typedef {object} BrowsedPage
 * @property {(page: any) => Promise<unknown>} does with a page of Playwright's
 * @property {'SHOW'} method
 * @property {string} path
 * @property {204} status
 * @property {string} outcome
 * @property {readonly Tracked[]} tracked
 */

/** The same in a real browser. @type {readonly BrowsedPage[]} */
export const browsedPages = [
  anonymousPage('/login', (page) => page.goto('/reports/7')),
  browsedPage('/', (page) => page.getByRole('button', { name: 'ada' }).click(), whoAdaIs),
  browsedPage('/reports/42', (page) => page.getByRole('link', { name: 'Monthly revenue' }).click()),
  browsedPage('/', (page) => page.goBack()),
  browsedPage('/reports/42', exportReport, [{ ...ada, event: 'report_exported', detail: 'Report exported' }]),
  browsedPage('/', (page) => page.getByRole('button', { name: 'All reports' }).click()),
  browsedPage(
    '/reports/7?token=s3cret',
    (page) => page.goto('/reports/7?token=s3cret'),
    [],
    '/reports/7?token=',
  ),
  browsedPage('/', (page) => page.getByRole('button', { name: 'All reports' }).click()),
  anonymousPage('/login', (page) => page.getByRole('button', { name: 'Sign out' }).click()),
];

/** @param {any} page */
async function exportReport(page) {
  await page.goForward();
  await page.getByRole('button', { name: 'Export' }).click();
}

/**
 * @param {string} path
 * @param {BrowsedPage['does']} does
 * @param {readonly Tracked[]} [told]
 * @param {string} [recordedAs]
 * @returns {BrowsedPage}
 */
function browsedPage(path, does, told = [], recordedAs = path) {
  const tracked = [...told, { ...ada, event: 'pageview', detail: recordedAs }];
  return { does, method: 'SHOW', path, status: 204, outcome: 'pageview', tracked };
}

/**
 * @param {string} path
 * @param {BrowsedPage['does']} does
 * @returns {BrowsedPage}
 */
function anonymousPage(path, does) {
  return { does, method: 'SHOW', path, status: 204, outcome: 'no_contact', tracked: [] };
}

/** What is done to an example. @param {string} name */
export function visitsOf(name) {
  if (name === 'spa') return spaVisits;
  return name === 'next' ? nextVisits : visits;
}

/**
 * A page that is really visited.
 *
 * @param {string} who
 * @param {string} path
 * @param {{ contact: string, account: string }} contact
 * @param {Partial<Visit> & { recordedAs?: string, told?: readonly Tracked[] }} [details]
 * @returns {Visit}
 */
function page(who, path, contact, { recordedAs = path, told = [], ...details } = {}) {
  const tracked = [...told, { ...contact, event: 'pageview', detail: recordedAs }];
  return { who, method: 'GET', path, status: 200, outcome: 'pageview', tracked, ...details };
}

/**
 * A request that is no pageview.
 *
 * @param {string} outcome
 * @param {string} who
 * @param {string} method
 * @param {string} path
 * @param {Partial<Visit>} [details]
 * @returns {Visit}
 */
function none(outcome, who, method, path, details) {
  return { who, method, path, status: 200, outcome, ...details };
}

/**
 * The headers of what is fetched, and not opened.
 *
 * @param {string} dest
 * @param {string} mode
 */
function fetched(dest, mode) {
  return {
    'sec-fetch-dest': dest,
    'sec-fetch-mode': mode,
    'sec-fetch-user': '',
    'upgrade-insecure-requests': '',
  };
}
