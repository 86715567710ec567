import { isbot } from 'isbot';
import { memoize } from '../../runtime/memoize.js';

/** Whether a user agent is a bot's. The list is one long pattern, which isbot compiles at the first call. */
export const isBot: (userAgent: string) => boolean = memoize(isbot);
