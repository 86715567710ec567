import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isLoopback } from '../dev/security.js';
import { type Finding, list } from './finding.js';
import { isEnvFile, readEnvFile, type Settings } from './settings.js';

const maxOutputBytes = 256 * 1024 * 1024;

/** Looks for the token in the files that git tracks. It is told to nobody: neither on a command line nor in the finding. */
export async function checkSecrets(
  folder: string,
  settings: readonly Settings[],
): Promise<readonly Finding[]> {
  const root = (await git(folder, ['rev-parse', '--show-toplevel']))?.trim();
  if (!root) return [];
  const tokens = [...settings, ...(await readTrackedEnvFiles(root))].flatMap(secretOf);
  if (tokens.length === 0) return [];
  const grep = ['grep', '-F', '-I', '-n', '-z', '--no-color', '--no-column', '--full-name', '-f', '-'];
  const found = (await git(root, grep, [...new Set(tokens)].join('\n'))) ?? '';
  const places = found.split('\n').flatMap((line) => {
    const [, path, number] = /^([^\0]+)\0(\d+)[\0:]/.exec(line) ?? [];
    return path ? [`${path}:${number}`] : [];
  });
  if (places.length === 0) return [];
  return [
    {
      severity: 'error',
      what: `The API token is in the repository: ${list(places)}.`,
      why: 'Whoever can read the repository, now or later, can write to your SuccessEve account. Its history keeps the token even when the file no longer has it.',
      fix: 'Have SuccessEve issue a new token. Keep it out of the repository: in the environment, in the secrets of your host or in a .env file that .gitignore names; git rm --cached <file> stops tracking one.',
    },
  ];
}

async function readTrackedEnvFiles(root: string): Promise<readonly Settings[]> {
  const tracked = (await git(root, ['ls-files', '-z', '--', ':(glob)**/.env*'])) ?? '';
  const paths = tracked.split('\0').filter((path) => isEnvFile(basename(path)));
  const texts = paths.map(async (path) =>
    readEnvFile(await readFile(join(root, path), 'utf8').catch(() => ''), path),
  );
  return Promise.all(texts);
}

/** A token that opens something: not the one of an API on this machine, nor a word that merely stands for one. */
function secretOf({ values }: Settings): readonly string[] {
  const { SUCCESSEVE_API_TOKEN = '', SUCCESSEVE_API_URL: url } = values;
  if (url && URL.canParse(url) && isLoopback(new URL(url).hostname)) return [];
  const token = SUCCESSEVE_API_TOKEN.trim();
  return /^\S{12,}$/.test(token) && /\d/.test(token) && /[a-z]/i.test(token) ? [token] : [];
}

/** What git says, or nothing where it has nothing to say: no git, no repository, nothing found. */
function git(folder: string, args: readonly string[], input = ''): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: maxOutputBytes };
    const child = execFile('git', [...args], options, (error, stdout) => resolve(error ? undefined : stdout));
    // It may be gone before it has read anything.
    child.stdin?.on('error', () => {}).end(input);
  });
}
