// The authentication that the page leaves to the reader.
declare global {
  namespace Express {
    interface Request {
      user?: { id: string; orgId: string; email: string; name: string; plan: string };
    }
  }
}
// the block
