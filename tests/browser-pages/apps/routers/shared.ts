/** What the applications of all routers have in common, so that one scenario fits them. */
export const links = ['/inbox', '/list', '/old', '/item/1'] as const;

export const items = ['/item/1', '/item/2', '/item/3', '/item/4', '/item/5'] as const;

/** What a guard waits for before it sends a visitor of `/old` to `/new`. */
export const decide = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
