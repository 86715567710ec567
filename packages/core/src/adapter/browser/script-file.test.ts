import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { requestHead } from '../../../test/request-head.js';
import { scriptFile } from './script-file.js';
import type { WebAnswer } from './web-answer.js';

const text = `"use strict";${'report();'.repeat(100)}`;
const answerWith = scriptFile(text, false);

function bytesOf({ body }: WebAnswer): Uint8Array {
  return body as Uint8Array;
}

describe('the script', () => {
  it('is JavaScript that may be kept for an hour, and nothing that a browser may take for something else', () => {
    const answer = answerWith(requestHead({}));

    expect(answer).toEqual({
      status: 200,
      headers: {
        'cache-control': 'public, max-age=3600',
        'content-type': 'text/javascript; charset=utf-8',
        'content-length': String(text.length),
        etag: expect.stringMatching(/^"[a-z0-9]+"$/),
        vary: 'Accept-Encoding',
        'x-content-type-options': 'nosniff',
      },
      body: new Uint8Array(Buffer.from(text)),
    });
    expect(Buffer.from(bytesOf(answer)).toString()).toBe(text);
  });

  it.each<[string, string | undefined, (bytes: Uint8Array) => Buffer]>([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['br;q=0, *', 'gzip', gunzipSync],
    ['gzip;q=1.0, br;q=0.0', 'gzip', gunzipSync],
    ['GZIP', 'gzip', gunzipSync],
    ['identity', undefined, Buffer.from],
    ['gzip;q=0', undefined, Buffer.from],
    ['', undefined, Buffer.from],
  ])('is compressed for a browser that accepts %j as %s', (accepted, coding, decompress) => {
    const answer = answerWith(requestHead({ 'accept-encoding': accepted }));

    expect(answer.headers['content-encoding']).toBe(coding);
    expect(answer.headers['content-length']).toBe(String(bytesOf(answer).byteLength));
    expect(decompress(bytesOf(answer)).toString()).toBe(text);
  });

  it('has one strong ETag for each coding, and is not sent again to who has it', () => {
    const tags = ['', 'gzip', 'br'].map((coding) => {
      const headers = { 'accept-encoding': coding };
      const etag = String(answerWith(requestHead(headers)).headers.etag);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        expect(answerWith(requestHead({ ...headers, 'if-none-match': known }))).toEqual({
          status: 304,
          headers: { 'cache-control': 'public, max-age=3600', etag, vary: 'Accept-Encoding' },
        });
      }
      expect(answerWith(requestHead({ ...headers, 'if-none-match': '"other"' })).status).toBe(200);
      return etag;
    });

    expect(new Set(tags).size).toBe(3);
    expect(scriptFile(`${text} `, false)(requestHead({})).headers.etag).not.toBe(tags[0]);
  });

  it('has a head alone for a HEAD', () => {
    expect(answerWith(requestHead({}, 'HEAD'))).toEqual({
      ...answerWith(requestHead({})),
      body: undefined,
    });
  });

  it('may be loaded by other origins where some are listed', () => {
    const shared = scriptFile(text, true);
    const policy = { 'cross-origin-resource-policy': 'cross-origin' };

    expect(shared(requestHead({})).headers).toMatchObject(policy);
    expect(shared(requestHead({ 'if-none-match': '*' })).headers).toMatchObject(policy);
  });
});
