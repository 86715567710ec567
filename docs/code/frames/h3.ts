declare module 'h3' {
  interface H3EventContext {
    user?: { id: string; orgId: string };
  }
}
// the block
