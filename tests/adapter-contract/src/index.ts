export type { AdapterUnderTest, Application, Flags, RunningApplication, User } from './adapter.js';
export type { Answer } from './browser.js';
export { describeAdapter } from './describe-adapter.js';
export { bigPage, failure, listen, page, staticFolder } from './material.js';
export { type Given, openSite, type Site } from './site.js';
