import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../test/command.js';
import { api, eventLines, ndjson, newFile, runImport, startApiForEachTest } from './test-import.js';

startApiForEachTest();

describe('successeve import --dry-run', () => {
  it('reads everything, sends nothing, leaves nothing, and lists the first ten problems', async () => {
    const bad = Array.from({ length: 12 }, () => '{"contact_uid":"c","event_uid":"Bad \u202e"}\n').join('');
    const path = newFile(
      'events.ndjson',
      `${ndjson(eventLines(3))}\n${bad}{"contact_uid":"c","event_uid":"x"}\n`,
    );
    const { code, out } = await runImport(api, path, '--dry-run');
    expect(code).toBe(1);
    const lines = out.split('\n');
    expect(lines[0]).toBe('17 lines = 4 good + 12 bad + 1 blank');
    expect(lines[1]).toBe(
      '  line 5: event_uid: expected a snake_case name such as user_registration, got "Bad \\u202e"',
    );
    expect(lines[11]).toBe('  and 2 more');
    expect(lines[12]).toBe('The times are from 2024-01-02 to 2024-01-02.');
    expect(lines[13]).toBe('Recorded at the time of sending: 1 event without a time (created_at)');
    expect(api.requests).toEqual([]);
    expect(existsSync(`${path}.import.journal`)).toBe(false);
    expect(existsSync(path.replace('.ndjson', '.rejected.ndjson'))).toBe(false);
  });
});

describe('successeve import, called wrongly', () => {
  const line = ndjson(eventLines(1));
  const csv = 'user_id,event,plan\n1,x,pro\n';
  it.each([
    ['events.txt', line, [], 2, 'expected a name that ends in .ndjson, .jsonl, .csv, .tsv'],
    ['events.ndjson', line, ['--map', 'contact=x'], 2, '--map: expected <field>=<name in the file>'],
    ['events.ndjson', line, ['--map', 'contact_uid'], 2, '--map: expected <field>=<name in the file>'],
    ['events.ndjson', line, ['--set', 'params={}'], 2, '--set: expected <field>=<value>'],
    ['events.ndjson', line, ['--rest', 'drop'], 2, "option '--rest <what>' argument 'drop' is invalid"],
    ['events.ndjson', line, ['--api-url', 'http://example.com'], 2, 'expected https:'],
    [
      'events.ndjson',
      '{"contact_uid":"1","event_uid":"x","plan":"pro"}',
      [],
      2,
      '"plan" is not an event field',
    ],
    ['events.csv', csv, [], 2, 'expected a column contact_uid, got "user_id", "event", "plan"'],
    ['events.csv', csv, ['--map', 'contact_uid=user_id'], 2, '--set method=contact, or =account, if'],
    [
      'events.csv',
      csv,
      ['--set', 'method=account'],
      2,
      'expected a column account_uid, got "user_id", "event", "plan".\n  --map account_uid=<column>',
    ],
    [
      'events.csv',
      csv,
      ['--map', 'contact_uid=id'],
      2,
      'expected a column "id", got "user_id", "event", "plan"',
    ],
    [
      'events.csv',
      csv,
      ['--map', 'contact_uid=user_id', '--map', 'event_uid=event'],
      2,
      '--map params.plan=plan',
    ],
    ['events.csv', 'a,a\n', [], 1, 'expected each column once, got "a" twice'],
    [
      'events.csv',
      Buffer.from('\ufeffa,b\n', 'utf16le'),
      [],
      1,
      'expected UTF-8, got UTF-16. Convert it: iconv -f UTF-16 -t UTF-8 ',
    ],
    ['events.csv', Buffer.from('a,b\n', 'utf16le'), [], 1, 'iconv -f UTF-16LE -t UTF-8 '],
    ['events.ndjson', Buffer.from(line, 'utf16le').swap16(), [], 1, 'iconv -f UTF-16BE -t UTF-8 '],
    ['events.ndjson', line, ['--map', 'created_at=created'], 2, 'expected a field "created", as --map or'],
    ['events.ndjson', line, ['--map', 'contact_uid=user.id'], 2, 'expected a field "user.id", as --map or'],
    [
      'events.ndjson',
      line,
      ['--parse-json', 'seets'],
      2,
      'got none in any line. The first line has "contact_uid", ',
    ],
    // What is sent of it line by line could not be taken back.
    [
      'events.ndjson',
      `\n [\n${line.trim()},\n${line}]\n`,
      [],
      1,
      "got a JSON array. Convert it: jq -c '.[]' ",
    ],
    ['events.ndjson', JSON.stringify(JSON.parse(line), undefined, 2), [], 1, 'Convert it: jq -c . '],
    ['events.ndjson', `{"events": [\n${line}]}\n`, [], 1, 'got one over several lines'],
    [
      'events.ndjson',
      'contact_uid,event_uid\n1,x\n',
      [],
      1,
      'got none at its beginning; line 1: expected a JSON',
    ],
  ])('with %s %j %j: exits with %i and prints %s', async (name, content, options, code, message) => {
    const ended = await runImport(api, newFile(name, content), ...options);
    expect(ended.err).toContain(message);
    expect(ended).toMatchObject({ code, out: '' });
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['', 'expected an API token, got none: set SUCCESSEVE_API_TOKEN, or use --token-stdin'],
    ['two words', 'SUCCESSEVE_API_TOKEN: expected visible ASCII'],
  ])('with the token %j: prints what is wrong, and leaves nothing behind', async (token, message) => {
    const path = newFile('events.ndjson', line);
    const { code, err } = await runImport({ url: api.url, token }, path);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(readdirSync(dirname(path))).toEqual(['events.ndjson']);
  });

  it('takes the token from the standard input with --token-stdin', async () => {
    const path = newFile('events.ndjson', line);
    const options = { env: { SUCCESSEVE_API_URL: api.url }, input: `${api.token}\n` };
    expect(await runCommand(['import', path, '--token-stdin'], options)).toMatchObject({ code: 0 });
    expect(api.events).toHaveLength(1);
  });

  it('with something that is not a file: reports that', async () => {
    const path = newFile('events.ndjson', line);
    expect(await runImport(api, `${path}.csv`)).toMatchObject({
      code: 1,
      err: `error: ${path}.csv: file not found\n`,
    });
    expect(await runImport(api, dirname(path))).toMatchObject({
      code: 1,
      err: expect.stringContaining('expected a file'),
    });
  });
});
