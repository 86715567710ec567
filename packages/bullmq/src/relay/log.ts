/** What a relay has to say. Neither a token nor what events hold is ever in it. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Where log entries go. */
export type Log = (entry: LogEntry) => void;

/** Writes each entry as a line of JSON. */
export function jsonLines(write: (line: string) => void): Log {
  return (entry) => write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}
