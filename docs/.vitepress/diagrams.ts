import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownRenderer } from 'vitepress';

/** Draws blocks of Mermaid when the site is built, in the colours of the theme: readers load no script for them. */
export function drawDiagrams(md: MarkdownRenderer): void {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info = '', content = '' } = tokens[index] ?? {};
    if (info.trim() !== 'mermaid') return fence?.(tokens, index, ...rest) ?? '';
    const colours = {
      bg: 'var(--vp-c-bg)',
      fg: 'var(--vp-c-text-1)',
      accent: 'var(--vp-c-brand-1)',
      muted: 'var(--vp-c-text-2)',
    };
    const svg = renderMermaidSVG(content, { ...colours, transparent: true })
      // It would ask Google for a font.
      .replaceAll(/@import url\([^)]*\);/g, '')
      .replaceAll(/text \{ font-family: [^}]*\}/g, '');
    // Not as a part of the page's template, from which Vue would take the style.
    return `<figure class="diagram" v-html="${md.utils.escapeHtml(JSON.stringify(svg))}"></figure>\n`;
  };
}
