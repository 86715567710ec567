import { describe, expect, it } from 'vitest';
import { secretParameters } from './secret-params.js';
import { cleanUrl, originOf, visitUrl } from './visit-url.js';

const origin = 'https://app.example.com';
const isSecret = secretParameters(['invitation', 'inviteCode']);
const visited = (target: string): string | undefined => visitUrl(origin, target, isSecret);

describe('visit_url', () => {
  it.each([
    ['/', `${origin}/`],
    ['/onboarding?step=2&q=a%20b+c', `${origin}/onboarding?step=2&q=a%20b+c`],
    ['/a//b/../c', `${origin}/a//b/../c`],
    ['/x#fragment', `${origin}/x`],
  ])('of %s is %s', (target, url) => {
    expect(visited(target)).toBe(url);
  });

  it.each([
    '//evil.example/x',
    'http://evil.example/x',
    'HTTPS://user:pass@evil.example:8080/x',
    '///evil.example/x',
    '/\\evil.example/x',
    'https://evil.example',
    'http://evil.example?x',
    '/@evil.example/x',
  ])('of %s stays on the site', (target) => {
    const url = visited(target) ?? '';
    expect(new URL(url).origin).toBe(origin);
    expect(url).not.toContain('user:pass');
  });

  it.each(['*', 'evil.example:443', ''])('of %s, which has no path, is none', (target) => {
    expect(visited(target)).toBeUndefined();
  });

  it('loses the values of secret parameters, and keeps the others', () => {
    expect(visited('/x?a=1&%74oken=s3cret&user%5Bpassword%5D=s3cret&b=2')).toBe(
      `${origin}/x?a=1&%74oken=&user%5Bpassword%5D=&b=2`,
    );
  });

  it('cuts every occurrence, also of a value with = in it, and of a name that cannot be decoded keeps all', () => {
    expect(visited('/x?token=a=b&token=c')).toBe(`${origin}/x?token=&token=`);
    expect(visited('/x?%E0%A4%A=1')).toBe(`${origin}/x?%E0%A4%A=1`);
    expect(visited('/x?a=b?token=s3cret')).toBe(`${origin}/x?a=b?token=s3cret`);
  });

  it.each([
    '%2Fcallback%3Fcode%3Ds3cret',
    '/callback?code=s3cret',
    'https%3A%2F%2Fexample.com%2Fa%3Fb%3D1%26accessToken%3Ds3cret',
    'https://example.com/a%23id_token=s3cret',
  ])('cuts a value that is a URL with a secret of its own: %s', (value) => {
    expect(visited(`/x?a=1&next=${value}&b=2`)).toBe(`${origin}/x?a=1&next=&b=2`);
  });

  it('keeps a value that is another URL', () => {
    expect(visited('/x?next=%2Finbox%3Ftab%3D2&q=/a?b')).toBe(`${origin}/x?next=%2Finbox%3Ftab%3D2&q=/a?b`);
  });

  it('is at most 2048 characters, and never ends in the middle of an escape', () => {
    for (let padding = 2000; padding < 2030; padding++) {
      const url = visited(`/${'a'.repeat(padding)}${'%20'.repeat(100)}`) ?? '';
      expect(url.length).toBeLessThanOrEqual(2048);
      expect(url.length).toBeGreaterThan(2045);
      expect(() => decodeURIComponent(url)).not.toThrow();
    }
  });
});

describe('a URL that the application passes', () => {
  it('loses user, fragment and secrets', () => {
    expect(cleanUrl('https://u:p@example.com:8443/a?token=s3cret&b=1#c', isSecret)).toBe(
      'https://example.com:8443/a?token=&b=1',
    );
  });

  it('that is invalid is left for the validation to reject', () => {
    expect(cleanUrl('/relative', isSecret)).toBe('/relative');
  });
});

describe('an origin', () => {
  it.each([
    ['app.example.com', 'https://app.example.com'],
    ['localhost:3000', 'https://localhost:3000'],
    ['[::1]:80', 'https://[::1]:80'],
    ['app.example.com:443', 'https://app.example.com'],
    ['App.Example.COM', 'https://app.example.com'],
    ['my_service', 'https://my_service'],
  ])('is made of the host %s', (host, expected) => {
    // The second answer is remembered.
    expect([originOf('https', host), originOf('https', host)]).toEqual([expected, expected]);
  });

  it.each([undefined, '', 'a b', 'evil.example/path', 'user@evil.example', 'a,b', 'a\r\nb', 'x:port', '..'])(
    'is not made of %j',
    (host) => {
      expect(originOf('https', host)).toBeUndefined();
    },
  );
});
