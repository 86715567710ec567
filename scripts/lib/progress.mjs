/**
 * Does something that takes a while under a line that says what and, at the end, how long it took.
 *
 * @template Result
 * @param {string} label
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function progress(label, work) {
  const startedAt = performance.now();
  const { stdout } = process;
  stdout.write(`${label} … `);
  const ticking = stdout.isTTY
    ? setInterval(() => stdout.write(`\r${label} … ${elapsed()} `), 1000)
    : undefined;
  const elapsed = () => formatDuration(performance.now() - startedAt);
  const end = (/** @type {string} */ how) => {
    clearInterval(ticking);
    stdout.write(`${stdout.isTTY ? `\r${label} … ` : ''}${how}\n`);
  };
  try {
    const result = await work();
    end(elapsed());
    return result;
  } catch (error) {
    end(/** @type {Error} */ (error).name === 'AbortError' ? 'stopped' : 'failed');
    throw error;
  }
}

/** @param {number} durationMs */
export function formatDuration(durationMs) {
  const seconds = durationMs / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
