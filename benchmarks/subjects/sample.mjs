import { mark } from '../lib/marks.mjs';

const note = 'x'.repeat(100);

/** What the event is about: the same for every library, about 300 bytes once it is JSON. @param {number} id */
export const sample = (id) => ({ format: 'pdf', source: 'toolbar', note: mark(id) + note });
