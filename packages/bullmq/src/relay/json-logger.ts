import type { Logger } from '@successeve/core';

/** Writes each message as a line of JSON. */
export function jsonLogger(write: (line: string) => void): Logger {
  const at = (level: string) => (message: string) => write(jsonLine({ level, message }));
  return { debug: at('info'), warn: at('warn'), error: at('error') };
}

/** One entry of a log, with the time. */
export function jsonLine(entry: object): string {
  return `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`;
}
