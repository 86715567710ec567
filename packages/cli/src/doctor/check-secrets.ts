import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Finding, list } from './finding.js';
import { isEnvFile, isLoopbackUrl, readEnvFile, type Settings } from './settings.js';

const maxOutputBytes = 256 * 1024 * 1024;

/** Searches the files that git tracks for the token, which appears neither on a command line nor in the finding. */
export async function checkSecrets(
  folder: string,
  settings: readonly Settings[],
): Promise<readonly Finding[]> {
  const root = (await git(folder, ['rev-parse', '--show-toplevel']))?.trim();
  if (!root) return [];
  const tokens = [...settings, ...(await readTrackedEnvFiles(root))].flatMap(secretOf);
  const places = [...new Set([...(await findTokens(root, tokens)), ...(await findLiterals(root))])];
  if (places.length === 0) return [];
  return [
    {
      severity: 'error',
      what: `The API token is in the repository: ${list(places)}.`,
      why: 'Everyone who can read the repository, now or later, can write to your SuccessEve account. Its history keeps the token after the file has lost it.',
      fix: 'Have SuccessEve issue a new token. Keep it out of the repository: in the environment, in the secrets of your host or in a .env file that .gitignore names; git rm --cached <file> stops tracking one.',
    },
  ];
}

const grep = ['grep', '-I', '-n', '-z', '--no-color', '--no-column', '--full-name'];

async function findTokens(root: string, tokens: readonly string[]): Promise<readonly string[]> {
  if (tokens.length === 0) return [];
  const found = await git(root, [...grep, '-F', '-f', '-'], [...new Set(tokens)].join('\n'));
  return placesIn(found).map(({ place }) => place);
}

/** A token as it is written in code, for createTracker. */
const literal = /apiToken['"]?\s*[:=]\s*(['"`])([^'"`]+)\1/;

const sources = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'].map((extension) => `*.${extension}`);

/** A token in a test is not a secret. */
const ofTests = /(^|[/._-])(tests?|specs?|__tests__|e2e|mocks?|__mocks__|fixtures?|examples?)([/._-]|$)/i;

async function findLiterals(root: string): Promise<readonly string[]> {
  const found = await git(root, [...grep, '-F', '-e', 'apiToken', '--', ...sources]);
  return placesIn(found).flatMap(({ path, place, text }) => {
    const token = literal.exec(text)?.[2] ?? '';
    return isSecret(token) && !ofTests.test(path) && !isMadeUp.test(token) ? [place] : [];
  });
}

const isMadeUp = /test|local|example|dummy|fake|your|secret|anything|token/i;

/** The places in the output of `git grep`, such as `src/tracker.ts:3`. */
function placesIn(found = '') {
  return found.split('\n').flatMap((line) => {
    const [, path, number, text = ''] = /^([^\0]+)\0(\d+)[\0:](.*)$/.exec(line) ?? [];
    return path ? [{ path, place: `${path}:${number}`, text }] : [];
  });
}

async function readTrackedEnvFiles(root: string): Promise<readonly Settings[]> {
  const tracked = (await git(root, ['ls-files', '-z', '--', ':(glob)**/.env*'])) ?? '';
  const paths = tracked.split('\0').filter((path) => isEnvFile(basename(path)));
  const texts = paths.map(async (path) =>
    readEnvFile(await readFile(join(root, path), 'utf8').catch(() => ''), path),
  );
  return Promise.all(texts);
}

/** A real token: neither one for an API on this machine, nor a placeholder. */
function secretOf({ values }: Settings): readonly string[] {
  const { SUCCESSEVE_API_TOKEN = '', SUCCESSEVE_API_URL: url } = values;
  if (url && isLoopbackUrl(url)) return [];
  const token = SUCCESSEVE_API_TOKEN.trim();
  return isSecret(token) ? [token] : [];
}

function isSecret(token: string): boolean {
  return /^\S{12,}$/.test(token) && /\d/.test(token) && /[a-z]/i.test(token);
}

/** The output of git; undefined without git, without a repository, or where nothing was found. */
function git(folder: string, args: readonly string[], input = ''): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: maxOutputBytes };
    const child = execFile('git', [...args], options, (error, stdout) => resolve(error ? undefined : stdout));
    // It may be gone before it has read anything.
    child.stdin?.on('error', () => {}).end(input);
  });
}
