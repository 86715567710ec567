export { type FakeApi, type FakeApiOptions, type Sockets, startFakeApi } from './fake-api.js';
export type { WaitOptions } from './inbox.js';
export type { RateLimitOptions } from './rate-limit.js';
export type { ReceivedEvent, ReceivedEventParams, ReceivedRequest } from './received.js';
export type { Replies, Reply, ScriptedReply } from './replies.js';
