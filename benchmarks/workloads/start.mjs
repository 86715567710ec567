// How long a library takes to import and to create, from within a process that does nothing else. Of our own files only
// the one that opens it is in the figure, as the empty one is.
import { openSubject } from '../subjects/index.mjs';
import '../subjects/sample.mjs';

const { name } = /** @type {{ name: string }} */ (JSON.parse(process.argv[2] ?? '{}'));
const start = performance.now();
if (name === 'an empty file') await import('./empty.mjs');
else await openSubject(name, 'http://127.0.0.1:9');
process.stdout.write(String(performance.now() - start));
process.exit();
