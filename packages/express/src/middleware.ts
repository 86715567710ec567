/**
 * A middleware that fits the types of every major of Express. `RequestHandler` would be that of the one which this
 * package finds: in a workspace with an application on Express 4 and another on Express 5, the wrong one for either.
 */
export type Middleware = (req: object, res: object, next: (error?: unknown) => void) => void;
