import { currentTrack } from '@successeve/core/adapter';
import { shared } from '../shared.js';
import { takeReport } from './report.js';

/** The route that browsers report to: `export { POST } from '@successeve/next/relay'`. Responds with 204 to any report. */
export async function POST(request: Request): Promise<Response> {
  const track = currentTrack();
  await takeReport(track && shared.requests.get(track), (maxBytes) => readText(request, maxBytes));
  return new Response(null, { status: 204 });
}

async function readText(request: Request, maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > maxBytes) {
      await reader?.cancel();
      return undefined;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text;
}
