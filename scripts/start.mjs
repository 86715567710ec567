// Nothing else is imported until the Node that runs this is known to understand it.
import { checkNode } from './lib/check-node.mjs';

checkNode(process.version);
const { main } = await import('./lib/main.mjs');
const { start } = await import('./lib/start.mjs');
await main(start);
