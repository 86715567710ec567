import type { ResponseHead } from '../exchange.js';

/** In `Accept`, and in `Content-Type`; not `text/vnd.turbo-stream.html`. */
const htmlType = /(?:^|[\s,])(?:text\/html|application\/xhtml\+xml)(?=$|[\s;,])/i;

/** Statuses in 2xx to which a browser stays where it is, or goes on with a download. */
const staysOnPage: ReadonlySet<number> = new Set([204, 205, 206]);

/** Whether a content type, or a list of accepted ones, names HTML. */
export function isHtml(types: string): boolean {
  return htmlType.test(types);
}

/** Whether a browser shows a response of this status as a page. A 304 it has already. */
export function isShown(status: number): boolean {
  return (status >= 200 && status < 300 && !staysOnPage.has(status)) || status === 304;
}

/** Whether a response is a page, and no download. One that names no content type is, as its request asked for one. */
export function isPage(response: ResponseHead): boolean {
  const contentType = response.header('content-type');
  if (contentType !== undefined && !isHtml(contentType)) return false;
  return !/^\s*attachment/i.test(response.header('content-disposition') ?? '');
}

/** Whether a response is an error that a browser shows as a page. */
export function isErrorPage(response: ResponseHead): boolean {
  return response.status >= 400 && isHtml(response.header('content-type') ?? '');
}
