import type { MarkdownRenderer } from 'vitepress';

/** Parts of the repository's README that have a page here. */
const parts = new Map([
  ['#when-something-goes-wrong', '/delivery#when-something-goes-wrong'],
  ['', '/'],
]);

/** What no package brings along is linked to where it is in the repository. */
const repository = 'https://github.com/successeve/successeve-node/blob/main/README.md';

/**
 * READMEs link to each other as files, as npm wants it. Here those links lead to pages, and what is in the repository
 * alone is no link. Pages of this documentation link to each other by their addresses.
 */
export function linkReadmes(md: MarkdownRenderer): void {
  md.core.ruler.push('readme-links', ({ tokens, env }) => {
    if (env.relativePath.startsWith('reference/')) return;
    for (const { children } of tokens) {
      for (const [index, token] of (children ?? []).entries()) {
        const written = token.type === 'link_open' ? token.attrGet('href') : undefined;
        const href = written?.replace(repository, '../../README.md');
        if (!href || /^(?:\/|#|[a-z]+:)/.test(href)) continue;
        const page = pageOf(href);
        if (page) token.attrSet('href', page);
        else unlink(children ?? [], index);
      }
    }
  });
}

function pageOf(href: string): string | undefined {
  const [, part] = /^\.\.\/\.\.\/README\.md(#.*)?$/.exec(href) ?? [];
  if (href.startsWith('../../README.md')) return parts.get(part ?? '');
  const [, document, heading = ''] = /^\.\.\/\.\.\/docs\/([a-z-]+)\.md(#.*)?$/.exec(href) ?? [];
  if (document) return `/${document}${heading}`;
  const [, name, anchor = ''] = /^(?:\.\.|packages)\/([a-z-]+)(?:\/README\.md)?(#.*)?$/.exec(href) ?? [];
  return name ? `/packages/${name}${anchor}` : undefined;
}

/** Leaves the text of a link alone. */
function unlink(tokens: { type: string; tag: string; nesting: number }[], index: number): void {
  const end = tokens.findIndex(({ type }, place) => place > index && type === 'link_close');
  for (const place of [index, end]) Object.assign(tokens[place] ?? {}, { type: 'text', tag: '', nesting: 0 });
}
