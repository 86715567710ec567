export { reportedHeaderName } from './event/wire.js';
export {
  type DevReport,
  type DropReport,
  devReportsPath,
  type NoticeReport,
  type SkipReport,
  type WarningCode,
} from './reporting/dev-reports.js';
