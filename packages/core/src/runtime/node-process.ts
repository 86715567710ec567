/**
 * Whether this runs on an edge runtime such as Next's. What belongs to Node has the same names there, and throws at any
 * use, even at the question whether it is there.
 */
const isEdge = 'EdgeRuntime' in globalThis;

/** Node's `process`, where there is one: asked for what an import of `node:` would bring, where that would not load. */
export const nodeProcess: typeof globalThis.process | undefined = isEdge ? undefined : globalThis.process;
