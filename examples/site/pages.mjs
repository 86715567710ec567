/** @import { User } from './users.mjs' */

/**
 * @typedef {object} Report
 * @property {string} id
 * @property {string} title
 * @property {string} summary
 * @property {readonly (readonly [month: string, value: number])[]} rows
 */

/** @type {readonly Report[]} */
export const reports = [
  {
    id: '7',
    title: 'Trials & conversions',
    summary: 'How many of those who tried the product stayed.',
    rows: [
      ['August', 31],
      ['September', 38],
      ['October', 44],
    ],
  },
  {
    id: '42',
    title: 'Monthly revenue',
    summary: 'What came in, in thousands of euros.',
    rows: [
      ['August', 118],
      ['September', 124],
      ['October', 139],
    ],
  },
];

/** @param {User | undefined} user */
export function home(user) {
  if (!user) {
    return layout(
      'Reports your team will read',
      user,
      html`<p>A small shop for reports. Sign in to see yours.</p>
        <p><a class="button" href="/login">Sign in</a></p>`,
    );
  }
  const items = reports.map(
    ({ id, title, summary }) =>
      html`<li><a href="/reports/${id}">${title}</a><br /><small>${summary}</small></li>`,
  );
  return layout(`Hello, ${user.name}`, user, html`<ul class="cards">${items}</ul>`);
}

/** @param {readonly User[]} users */
export function login(users) {
  const buttons = users.map(
    ({ id, name, company }) =>
      html`<button name="user" value="${id}">${name}<br /><small>${company.name}</small></button>`,
  );
  return layout(
    'Who are you?',
    undefined,
    html`<p>This is a demonstration, so there is no password.</p>
      <form method="post" action="/login" class="cards">${buttons}</form>`,
  );
}

/** @param {User} user */
export function onboarding(user) {
  return layout(
    'Three steps to your first report',
    user,
    html`<ol>
      <li>Connect the data of ${user.company.name}.</li>
      <li>Open <a href="/reports/42">a report</a>.</li>
      <li>Export it, and send it to a colleague.</li>
    </ol>`,
  );
}

/**
 * @param {User} user
 * @param {Report} report
 */
export function report(user, { id, title, summary, rows }) {
  return layout(
    title,
    user,
    html`<p>${summary}</p>
      <table>
        ${rows.map(([month, value]) => html`<tr><th scope="row">${month}</th><td>${value}</td></tr>`)}
      </table>
      <form method="post" action="/reports/${id}/export"><button class="button">Export as CSV</button></form>`,
  );
}

/** @param {Report} report */
export function csv({ rows }) {
  return `month,value\n${rows.map((row) => row.join(',')).join('\n')}\n`;
}

/** @param {User} user */
export function account(user) {
  return layout(
    'Your account',
    user,
    html`<table>
        <tr><th scope="row">Name</th><td>${user.name}</td></tr>
        <tr><th scope="row">Company</th><td>${user.company.name}</td></tr>
      </table>
      <form method="post" action="/logout"><button class="button">Sign out</button></form>`,
  );
}

/** @param {User | undefined} user */
export function notFound(user) {
  return layout('This page does not exist', user, html`<p><a href="/">Back to the start</a></p>`);
}

export const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#4f46e5"/>
  <path d="M9 23v-6M16 23V9M23 23v-10" stroke="#fff" stroke-width="4" stroke-linecap="round"/>
</svg>
`;

/**
 * @param {string} title
 * @param {User | undefined} user
 * @param {Html} content
 */
function layout(title, user, content) {
  const links = user
    ? html`<a href="/onboarding">Onboarding</a> <a href="/account">Account</a>`
    : html`<a href="/login">Sign in</a>`;
  const page = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="icon" href="/logo.svg" />
    <style>
      :root { color-scheme: light dark; --text: #1c1c28; --quiet: #5c5c70; --page: #f5f5fa; --card: #fff; --line: #dcdce6; --accent: #4f46e5; --on-accent: #fff; }
      @media (prefers-color-scheme: dark) {
        :root { --text: #ececf4; --quiet: #a9a9bd; --page: #14141c; --card: #1f1f2b; --line: #38384a; --accent: #aaa5ff; --on-accent: #14141c; }
      }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 44rem; padding: 1rem; background: var(--page); color: var(--text); font: 1.0625rem/1.5 system-ui, sans-serif; }
      header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.25rem; padding-block: .5rem; }
      header a:first-child { display: flex; align-items: center; gap: .5rem; margin-right: auto; color: inherit; font-weight: 600; text-decoration: none; }
      main { margin-top: 1rem; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
      h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
      a { color: var(--accent); }
      small { color: var(--quiet); font-size: .875rem; }
      table { width: 100%; margin-bottom: 1.5rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .5rem 0; border-bottom: 1px solid var(--line); text-align: left; }
      td { text-align: right; }
      button { font: inherit; color: inherit; cursor: pointer; }
      .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem; margin: 0; padding: 0; list-style: none; }
      .cards > * { padding: 1rem; background: none; border: 1px solid var(--line); border-radius: .5rem; text-align: left; }
      .cards > button:hover { border-color: var(--accent); }
      .button { display: inline-block; padding: .5rem 1.25rem; background: var(--accent); color: var(--on-accent); border: 0; border-radius: .5rem; text-decoration: none; }
    </style>
  </head>
  <body>
    <header><a href="/"><img src="/logo.svg" alt="" width="28" height="28" /> Reportly</a> ${links}</header>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>
`;
  return String(page);
}

/** Markup that may go out as it is. */
class Html {
  /** @param {string} markup */
  constructor(markup) {
    this.markup = markup;
  }

  toString() {
    return this.markup;
  }
}

/**
 * A template whose values are escaped, except for what is markup already.
 *
 * @param {TemplateStringsArray} strings
 * @param {readonly (string | number | Html | readonly Html[])[]} values
 */
function html(strings, ...values) {
  const parts = values.map((value) => {
    if (Array.isArray(value)) return value.join('');
    return value instanceof Html ? value.markup : escaped(String(value));
  });
  return new Html(String.raw({ raw: strings }, ...parts));
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
