import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRecorder, startFakeApi } from '@successeve/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  api,
  contacts,
  endOf,
  eventLines,
  ndjson,
  newFile,
  readNdjson,
  runImport,
  startApiForEachTest,
  startImport,
} from './test-import.js';

startApiForEachTest();

describe('successeve import', () => {
  it('delivers every line with the time at which it happened, and counts them', async () => {
    const path = newFile('events.ndjson', ndjson(eventLines(30)));
    const { code, out } = await runImport(api, path);
    expect({ code, out }).toEqual({ code: 0, out: '30 lines = 30 delivered + 0 rejected + 0 blank\n' });
    expect(contacts().sort()).toEqual(
      eventLines(30)
        .map(({ contact_uid }) => contact_uid)
        .sort(),
    );
    expect(new Set(api.events.map(({ created_at }) => created_at))).toEqual(
      new Set(['2024-01-02T03:04:05.000Z']),
    );
    expect(existsSync(path.replace('.ndjson', '.rejected.ndjson'))).toBe(false);
  });

  it('sends up to 100 lines in a request with --batch', async () => {
    const path = newFile('events.ndjson', ndjson(eventLines(450)));
    const { code } = await runImport(api, path, '--batch');
    expect(code).toBe(0);
    expect(api.requests.map(({ path: to, events }) => [to, events.length])).toEqual([
      ['/v1/batch', 100],
      ['/v1/batch', 100],
      ['/v1/batch', 100],
      ['/v1/batch', 100],
      ['/v1/batch', 50],
    ]);
  });

  it('sets bad lines of every kind aside with the reason, and sends the others', async () => {
    const big = `{"contact_uid":"big","event_uid":"a","params":{"text":"${'x'.repeat(40_000)}"}}`;
    const lines = [
      '{"contact_uid":"good","event_uid":"a","params":{"n":1}}',
      '',
      '{"contact_uid":"","event_uid":"a"}',
      '{"contact_uid":12345678901234567890,"event_uid":"a"}',
      'nonsense\u0007',
      '[1]',
      big,
      '{"contact_uid":"c","event_uid":"a","created_at":"yesterday"}',
      '{"contact_uid":"c","event_uid":"a","plan":"pro"}',
      '{"method":"contact","contact_uid":"c","event_uid":"a"}',
      '  {"contact_uid":"rejected","event_uid":"a"} ',
      '{}',
      '{"contact_uid":"last","event_uid":"a"}',
    ];
    api.reply(({ events }) => (events[0]?.contact_uid === 'rejected' ? 422 : undefined));
    const path = newFile('events.ndjson', Buffer.from(lines.join('\r\n')));
    const { code, out } = await runImport(api, path);
    expect(code).toBe(1);
    const rejectedPath = path.replace('.ndjson', '.rejected.ndjson');
    expect(out).toBe(`13 lines = 2 delivered + 10 rejected (see ${rejectedPath}) + 1 blank\n`);
    expect(contacts().sort()).toEqual(['good', 'last']);
    const rejected = readNdjson(rejectedPath) as {
      rejection: { line: number; reason: string; text?: string };
    }[];
    const reasons = new Map(rejected.map(({ rejection }) => [rejection.line, rejection.reason]));
    expect([...reasons.keys()].sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(reasons.get(3)).toMatch(
      /^invalid: contact_uid: expected a non-empty string.*, got an empty string$/,
    );
    expect(reasons.get(4)).toMatch(
      /^invalid: contact_uid: expected text, or a number up to 9007199254740991/,
    );
    expect(reasons.get(5)).toBe('invalid: expected a JSON object, got invalid JSON');
    expect(reasons.get(6)).toBe('invalid: expected a JSON object, got an array');
    expect(reasons.get(7)).toMatch(/^invalid: expected a body of at most 32768 bytes, got 4\d{4}$/);
    expect(reasons.get(8)).toMatch(/^invalid: created_at: expected ISO 8601.*, got another text$/);
    expect(reasons.get(9)).toMatch(/^invalid: plan: not an event field/);
    expect(reasons.get(10)).toMatch(/^invalid: event_uid: expected none, since the line is about a contact/);
    expect(reasons.get(11)).toBe('rejected: the API answered 422');
    expect(reasons.get(12)).toMatch(/^invalid: event_uid: expected a snake_case name, got undefined$/);
    expect(rejected.find(({ rejection }) => rejection.line === 5)?.rejection.text).toBe('nonsense\u0007');
    expect(rejected.find(({ rejection }) => rejection.line === 11)).toMatchObject({
      contact_uid: 'rejected',
      rejection: { status: 422, answer: expect.any(String) },
    });
  });

  it('keeps a rejected line unchanged, so that it can be corrected and imported', async () => {
    const path = newFile('events.ndjson', '{"contact_uid":12345678901234567890, "event_uid":"a"}\n');
    await runImport(api, path);
    const rejectedPath = path.replace('.ndjson', '.rejected.ndjson');
    const [rejected] = readNdjson(rejectedPath);
    expect(Object.keys(rejected ?? {})).toEqual(['contact_uid', 'event_uid', 'rejection']);
    const { code } = await runImport(api, newFile('mended.ndjson', mend(rejectedPath)));
    expect(code).toBe(0);
    expect(contacts()).toEqual(['12345678901234567890']);
  });

  it('keeps a rejected record of a CSV as an object, which is imported like the record', async () => {
    const path = newFile('events.csv', 'user,event_uid,params.tags\n{a},Bad Name,"[1,""x""]"\n');
    const options = ['--map', 'contact_uid=user', '--parse-json', 'params.tags'];
    expect(await runImport(api, path, ...options)).toMatchObject({ code: 1 });
    const rejectedPath = path.replace('.csv', '.rejected.ndjson');
    const [rejected] = readNdjson(rejectedPath);
    expect(rejected).toMatchObject({ user: '{a}', event_uid: 'Bad Name', rejection: { line: 2 } });
    writeFileSync(rejectedPath, ndjson([{ ...rejected, event_uid: 'good_name' }]));
    expect(await runImport(api, rejectedPath, ...options)).toMatchObject({ code: 0 });
    expect(api.events).toEqual([{ contact_uid: '{a}', event_uid: 'good_name', params: { tags: [1, 'x'] } }]);
  });

  it('imports what `successeve-queue export` writes, what was rejected too', async () => {
    const tracker = createRecorder();
    tracker.event('user_registration', {
      contactUid: 'a',
      accountUid: 'acme',
      displayName: 'Registration',
      params: { plan: 'pro', seats: 3, tags: ['x'], none: null },
      occurredAt: '2024-01-02T03:04:05.678Z',
    });
    tracker.pageview({
      contactUid: 'b',
      visitUrl: 'https://example.com/?a=1',
      occurredAt: '2024-01-02T03:04:05Z',
    });
    const rejection = {
      id: 1,
      at: '2024-02-01T00:00:00.000Z',
      status: 422,
      reason: 'the API answered 422',
      answer: 'no',
    };
    const [event, pageview] = tracker.events;
    const path = newFile('export.jsonl', ndjson([{ ...event, rejection }, { ...pageview }]));
    expect(await runImport(api, path)).toMatchObject({ code: 0 });
    expect([...api.events].sort((a, b) => a.contact_uid.localeCompare(b.contact_uid))).toEqual([
      {
        contact_uid: 'a',
        event_uid: 'user_registration',
        params: {
          plan: 'pro',
          seats: 3,
          tags: ['x'],
          none: null,
          account_uid: 'acme',
          display_name: 'Registration',
        },
        created_at: '2024-01-02T03:04:05.678Z',
      },
      {
        contact_uid: 'b',
        event_uid: 'pageview',
        params: { visit_url: 'https://example.com/?a=1' },
        created_at: '2024-01-02T03:04:05.000Z',
      },
    ]);
  });

  it('updates contacts and accounts, and the last line of each wins', async () => {
    const lines = [
      { method: 'contact', contact_uid: 'a', params: { name: 'Ada', plan: 'free' } },
      { contact_uid: 'a', event_uid: 'plan_changed' },
      { method: 'account', account_uid: 'acme', params: { name: 'Acme' } },
      { method: 'contact', contact_uid: 'b', event_uid: 'x' },
      { method: 'contact', contact_uid: 'a', params: { name: 'Ada', plan: 'pro' } },
      { method: 'contact', contact_uid: 'a', params: { name: 'Ada', plan: 'pro' } },
    ];
    for (const options of [[], ['--batch']]) {
      api.clear();
      const { code, out } = await runImport(api, newFile('crm.ndjson', ndjson(lines)), ...options);
      expect(code).toBe(1);
      expect(out).toContain('6 lines = 5 delivered + 1 rejected');
      expect(api.contacts.at(-1)).toMatchObject({ contact_uid: 'a', params: { name: 'Ada', plan: 'pro' } });
      expect(api.accounts).toMatchObject([{ account_uid: 'acme', params: { name: 'Acme' } }]);
      expect(contacts()).toEqual(['a']);
    }
  });

  it('reads a CSV of contacts', async () => {
    const path = newFile('users.csv', 'id,email,org\n1,ada@example.com,acme\n2,alan@example.com,acme\n');
    const map = ['--map', 'contact_uid=id', '--map', 'account_uid=org', '--map', 'params.email=email'];
    const { code, err } = await runImport(api, path, '--set', 'method=contact', ...map);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(api.contacts).toEqual([
      { contact_uid: '1', params: { account_uid: 'acme', email: 'ada@example.com' } },
      { contact_uid: '2', params: { account_uid: 'acme', email: 'alan@example.com' } },
    ]);
  });

  it('counts the lines of a CSV without its header', async () => {
    const path = newFile('events.csv', 'contact_uid,event_uid\n1,x\n');
    expect((await runImport(api, path)).err).toContain('about 1 line, to');
  });

  it('estimates the lines of a CSV whose cells have line breaks, and its time by the budget of the API', async () => {
    const budgeted = await startFakeApi({ rateLimit: { limit: 50, windowMs: 20_000 } });
    onTestFinished(() => budgeted.close());
    const rows = Array.from(
      { length: 450 },
      (_, index) => `${index},registered,"one\ntwo\nthree ${index}"\n`,
    );
    const path = newFile('users.csv', `contact_uid,event_uid,params.note\n${rows.join('')}`);
    const running = startImport(budgeted, path);
    await expect.poll(() => running.err, { timeout: 25_000 }).toMatch(/\n\d+ %.* left/);
    running.child.kill('SIGINT');
    const { err } = await endOf(running, budgeted);
    expect(err).toContain('users.csv: about 450 lines, to http');
    // 400 requests in windows of 50 in 20 s take 160 s; in windows of five minutes it would be 40 min.
    expect(err).toMatch(/of about 450 lines.* (2|3) min left/);
  });

  it('sends a line without a time without one', async () => {
    const path = newFile('events.ndjson', '{"contact_uid":"a","event_uid":"x"}\n');
    await runImport(api, path);
    expect(api.events).toEqual([{ contact_uid: 'a', event_uid: 'x' }]);
  });

  it('reports that a file was imported before, and imports it again only with --again', async () => {
    const path = newFile('events.ndjson', `${ndjson(eventLines(3))}bad\n`);
    const first = await runImport(api, path);
    const second = await runImport(api, path);
    expect(second.code).toBe(1);
    expect(second.out).toContain('was already imported, finished at 20');
    expect(second.out).toContain(first.out);
    expect(api.events).toHaveLength(3);
    expect((await runImport(api, path, '--again')).out).toBe(first.out);
    expect(api.events).toHaveLength(6);
    expect(readNdjson(path.replace('.ndjson', '.rejected.ndjson'))).toHaveLength(1);
  });

  it.each([
    ['the file has changed since', (path: string) => writeFileSync(path, ndjson(eventLines(4))), []],
    ['--map, --set, --parse-json or --rest were different', () => {}, ['--set', 'params.source=import']],
    ['it went to http://127', () => {}, ['--api-url', 'https://api.example.com']],
  ])('rejects to go on where %s', async (why, change, options) => {
    const path = newFile('events.ndjson', ndjson(eventLines(3)));
    await runImport(api, path);
    change(path);
    const { code, err } = await runImport(api, path, ...options);
    expect(code).toBe(1);
    expect(err).toContain(`was imported before, but ${why}`);
    expect(err).toContain('--again');
    expect(api.events).toHaveLength(3);
  });

  it('does not touch what another import rejected', async () => {
    const path = newFile('events.ndjson', ndjson(eventLines(1)));
    const rejectedPath = path.replace('.ndjson', '.rejected.ndjson');
    writeFileSync(rejectedPath, 'precious\n');
    const { code, err } = await runImport(api, path);
    expect(code).toBe(1);
    expect(err).toContain(`${rejectedPath} already exists`);
    rmSync(rejectedPath);
    expect(await runImport(api, path)).toMatchObject({ code: 0 });
  });

  it('starts over by itself where the command before sent nothing, such as to a wrong URL', async () => {
    const wrong = await startFakeApi();
    wrong.reply(() => 404);
    const path = newFile('events.ndjson', ndjson(eventLines(3)));
    expect(await runImport({ url: `${wrong.url}/x`, token: api.token }, path)).toMatchObject({ code: 1 });
    await wrong.close();
    expect(await runImport(api, path)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^3 lines = 3 del/),
    });
    // The same API, written in another way.
    const again = await runImport({ url: `${api.url}/`, token: api.token }, path);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('was already imported') });
    expect(api.events).toHaveLength(3);
  });

  it('takes a field that --map names from nowhere else, and finds it wherever the first one is', async () => {
    const lines = [
      { contact_uid: 'other', event_uid: 'x' },
      { contact_uid: 'other', user: 'right', event_uid: 'x' },
    ];
    const path = newFile('events.ndjson', ndjson(lines));
    const { code } = await runImport(api, path, '--map', 'contact_uid=user');
    expect(code).toBe(1);
    expect(contacts()).toEqual(['right']);
    expect(readNdjson(path.replace('.ndjson', '.rejected.ndjson'))).toMatchObject([
      { rejection: { line: 1, reason: expect.stringMatching(/^invalid: user: expected /) } },
    ]);
  });

  it('warns before and after that events have no time, since that cannot be changed later', async () => {
    const undated = ndjson([
      { contact_uid: 'a', event_uid: 'x' },
      { method: 'contact', contact_uid: 'a', params: {} },
    ]);
    const { err } = await runImport(api, newFile('events.ndjson', undated));
    expect(err).toContain('The first lines have no time (created_at)');
    expect(err).toContain('Recorded at the time of sending: 1 event without a time (created_at)\n');
    const dated = await runImport(api, newFile('events.ndjson', ndjson(eventLines(2))));
    expect(dated.err).not.toContain('created_at');
    const contact = await runImport(api, newFile('contacts.ndjson', undated.split('\n')[1] ?? ''));
    expect(contact.err).not.toContain('created_at');
  });

  it('imports an empty file, and one whose last line has no end', async () => {
    for (const name of ['a.ndjson', 'a.csv']) {
      expect(await runImport(api, newFile(name, ''))).toMatchObject({
        code: 0,
        out: '0 lines = 0 delivered + 0 rejected + 0 blank\n',
      });
    }
    const path = newFile('b.ndjson', '\ufeff{"contact_uid":"a","event_uid":"x"}');
    expect((await runImport(api, path)).out).toBe('1 line = 1 delivered + 0 rejected + 0 blank\n');
  });

  it('stops at once where the token is wrong, and prints how to resume', async () => {
    api.reply(() => 401);
    const path = newFile('events.ndjson', ndjson(eventLines(3)));
    const { code, out, err } = await runImport(api, path, '--set', "params.note=it's");
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('error: the API answered 401: check SUCCESSEVE_API_TOKEN\n');
    expect(err).toContain(`To resume: successeve import ${path} --set 'params.note=it'\\''s'\n`);
    api.reply([]);
    expect(await runImport(api, path, '--set', "params.note=it's")).toMatchObject({ code: 0 });
    expect(api.events).toHaveLength(3);
  });

  it('waits for the budget, for an outage, and for one event that the API chokes on', async () => {
    await using api = await startFakeApi({ rateLimit: { limit: 20, windowMs: 1000 } });
    const faults = [200, 503, 200, 'reset', 429, 200, 500] as const;
    let requests = 0;
    api.reply(({ events }) => {
      if (events.some(({ contact_uid }) => contact_uid === 'c7')) return 422;
      return faults[requests++];
    });
    const path = newFile('events.ndjson', ndjson(eventLines(60)));
    const { code, out } = await runImport(api, path);
    expect(code).toBe(1);
    expect(out).toMatch(/^60 lines = 59 delivered \+ 1 rejected/);
    expect(new Set(api.events.map(({ contact_uid }) => contact_uid)).size).toBe(59);
    expect(api.events).toHaveLength(59);
  });

  it('rejects a second import of the same file while the first one runs, and no longer', async () => {
    api.reply(() => 'hang');
    const path = newFile('events.ndjson', ndjson(eventLines(3)));
    const first = startImport(api, path);
    await api.waitForRequests(1);
    const second = await runImport(api, path);
    expect(second.code).toBe(1);
    expect(second.err).toContain('this file is being imported by another process');
    first.child.kill('SIGKILL');
    await first.ended;
    api.reply([]);
    expect(await runImport(api, path)).toMatchObject({ code: 0 });
    expect(existsSync(`${path}.import.lock`)).toBe(false);
  });
});

/** Puts the number into quotes, as a reader of the reason would. */
function mend(path: string): string {
  const [line] = readNdjson(path);
  expect(line?.rejection).toMatchObject({ line: 1 });
  return '{"contact_uid":"12345678901234567890", "event_uid":"a","rejection":{"line":1}}\n';
}
