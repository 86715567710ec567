import { event } from '../event.js';
import { startFromTag } from './start-from-tag.js';

startFromTag({ event });
