/** What `@tanstack/react-start` has of this, besides a bundler and a server. */
declare module '@tanstack/react-start' {
  export { createMiddleware, createStart } from '@tanstack/start-client-core';
}
