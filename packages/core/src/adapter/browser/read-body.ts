/**
 * Reads a request's body as text, of Node or of the web.
 *
 * @returns `undefined` for more than `maxBytes`, of which nothing more is read.
 */
export async function readBody(
  chunks: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of chunks) {
    // A middleware may have set an encoding.
    const part = typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
    bytes += part.byteLength;
    if (bytes > maxBytes) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
