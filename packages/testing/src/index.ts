export {
  type ReportEventOptions,
  type ReportOptions,
  type ReportPageOptions,
  reportEvent,
  reportPage,
} from './browser-report.js';
export { type FakeApi, type FakeApiOptions, type Sockets, startFakeApi } from './fake-api.js';
export type { WaitOptions } from './inbox.js';
export type { RateLimitOptions } from './rate-limit.js';
export type {
  ReceivedAccount,
  ReceivedContact,
  ReceivedEvent,
  ReceivedEventParams,
  ReceivedRequest,
} from './received.js';
export { createRecorder, type RecordedEvent, type Recorder } from './recorder.js';
export type { Replies, Reply, ScriptedReply } from './replies.js';
export type { ReportTarget } from './report-target.js';
