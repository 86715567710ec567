import { currentRequest } from '@successeve/core/adapter';
import { maxReportLength, takeReport } from './report.js';

/** The route that browsers report to: `export { POST } from '@successeve/next/relay'`. Responds with 204 to any report. */
export async function POST(request: Request): Promise<Response> {
  await takeReport(currentRequest(), () => readText(request));
  return new Response(null, { status: 204 });
}

async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length <= maxReportLength) continue;
    await reader?.cancel();
    break;
  }
  return text;
}
