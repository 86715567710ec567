import type { Express } from 'express';

/** Answers every path with a document that has the script and links. */
export function servePlainSite(links: readonly string[] = []): (app: Express) => void {
  return (app) => {
    app.get(/.*/, (req, res) => res.type('html').send(plainPage(req.path, links)));
  };
}

export function plainPage(heading: string, links: readonly string[] = []): string {
  const list = links.map((path) => `<a href="${path}">${path}</a>`).join(' ');
  return `<!doctype html><title>${heading}</title><script src="/seen.js" defer></script><h1>${heading}</h1>${list}<input>`;
}
