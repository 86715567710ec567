export { type CommandContext, defineCommand, type RunCommand } from './define-command.js';
export { CommandError, isUsageError, UsageError } from './errors.js';
export type { ExitCode, SignalExitCode } from './exit-code.js';
export type { Output } from './output.js';
export { controls, escapeControls, printable } from './printable.js';
export { shellWord } from './shell-word.js';
export { table } from './table.js';
export { counted, duration, grouped, size } from './units.js';
