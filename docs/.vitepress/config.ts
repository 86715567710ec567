import { readFileSync } from 'node:fs';
import { type DefaultTheme, defineConfig, type MarkdownRenderer, type UserConfig } from 'vitepress';
import { tabsMarkdownPlugin } from 'vitepress-plugin-tabs';
import { drawDiagrams } from './diagrams';
import { linkReadmes } from './readme-links';

/** What TypeDoc has written, by package. */
const modules: DefaultTheme.SidebarItem[] = JSON.parse(
  readFileSync(new URL('../reference/typedoc-sidebar.json', import.meta.url), 'utf8'),
);
const reference = modules.map((item) => ({ ...item, text: item.text?.replace('@successeve/', '') }));

/** Its types are those of another version of markdown-it. */
const addTabs = tabsMarkdownPlugin as unknown as (md: MarkdownRenderer) => void;

/** The one of `successeve dev`. */
const icon = readFileSync(new URL('../../packages/cli/page/src/icon.svg', import.meta.url), 'utf8');

const guide: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'See it work', link: '/see-it-work' },
      { text: 'Test your tracking', link: '/testing' },
    ],
  },
  {
    text: 'What is recorded',
    items: [
      { text: 'What counts as a pageview', link: '/pageviews' },
      { text: 'Single-page applications', link: '/single-page-applications' },
      { text: 'Web frameworks', link: '/web-frameworks' },
      { text: 'CDNs and shared caches', link: '/cdn' },
      { text: 'Events and the catalogue', link: '/events' },
      { text: 'Contacts and accounts', link: '/contacts-and-accounts' },
      { text: 'Privacy and security', link: '/privacy-and-security' },
    ],
  },
  {
    text: 'How it arrives',
    items: [
      { text: 'The budget and batching', link: '/budget' },
      { text: 'Delivery guarantees', link: '/delivery' },
      { text: 'A queue on disk', link: '/durable' },
      { text: 'A fleet', link: '/fleet' },
      { text: 'Architecture', link: '/architecture' },
    ],
  },
  {
    text: 'Move over',
    items: [
      { text: 'From a fetch of your own', link: '/migrate-from-fetch' },
      { text: 'From Segment', link: '/migrate-from-segment' },
      { text: 'Import past events', link: '/import' },
    ],
  },
  {
    text: 'Packages',
    items: [
      'express',
      'koa',
      'fastify',
      'hono',
      'nestjs',
      'next',
      'browser',
      'core',
      'sqlite',
      'bullmq',
      'testing',
      'cli',
    ].map((name) => ({
      text: `@successeve/${name}`,
      link: `/packages/${name}`,
    })),
  },
];

const config: UserConfig<DefaultTheme.Config> = defineConfig({
  title: 'SuccessEve for Node',
  description:
    'Send SuccessEve what your customers do, from Express, Koa, Fastify, Hono, Nest, Next or any other application.',
  lang: 'en-GB',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  markdown: {
    // As on GitHub and npm, where READMEs link to each other's headings.
    anchor: {
      slugify: (text) =>
        text
          .trim()
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replace(/\s/g, '-'),
    },
    config(md) {
      addTabs(md);
      drawDiagrams(md);
      linkReadmes(md);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/getting-started', activeMatch: '^/(?!reference/)' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
    ],
    sidebar: { '/': guide, '/reference/': reference },
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        // A page of the guide is more use than a type that has the word in it.
        miniSearch: { searchOptions: { boostDocument: (id) => (id.includes('/reference/') ? 0.3 : 1) } },
      },
    },
    externalLinkIcon: true,
  },
});
export default config;
