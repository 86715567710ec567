import type { FollowedRequest } from '@successeve/core/adapter';

/** Most characters that are read of a report; the kit rejects one that is longer than 4 KiB. */
export const maxReportLength = 5_000;

/**
 * Takes a browser's report. Never throws, and reports nothing to its sender: what is not recorded is counted, with its
 * reason.
 */
export async function takeReport(
  followed: FollowedRequest | undefined,
  readBody: () => unknown,
): Promise<void> {
  const take = followed?.findReport(true);
  if (!take) return;
  try {
    await take(await readBody());
  } catch {
    // The connection broke in the middle of the body.
  }
}
