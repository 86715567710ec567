/** The page that the address bar names: path and query, and the fragment where a hash router keeps its route there. */
export const currentPage = (): string =>
  location.pathname + location.search + location.hash.replace(/^#(?!!?\/).*/, '');

/** The page without its queries, the one in a fragment included. */
export const withoutQuery = (page: string): string => page.replace(/\?[^#]*/g, '');
