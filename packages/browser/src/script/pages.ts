import { startFromTag } from './start-from-tag.js';

startFromTag({});
