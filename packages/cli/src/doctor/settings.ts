import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseEnv } from 'node:util';
import { isLoopback } from '../dev/serve/security.js';

/** The settings that a tracker reads from the environment. */
export const settingNames = ['SUCCESSEVE_API_TOKEN', 'SUCCESSEVE_API_URL'] as const;

export type SettingName = (typeof settingNames)[number];

/** The settings of the environment, or of a file. */
export interface Settings {
  /** Such as `.env.local:3`. */
  where(name: SettingName): string;
  readonly file?: string;
  readonly values: Readonly<Partial<Record<SettingName, string>>>;
}

/** Reads the environment, and the `.env` files next to `package.json`. */
export function readSettings(folder: string, env: NodeJS.ProcessEnv): readonly Settings[] {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isEnvFile(entry.name))
    .map(({ name }) => readEnvFile(readFileSync(join(folder, name), 'utf8'), name));
  return [{ where: (name) => `${name} in the environment`, values: pick(env) }, ...files];
}

/** `.env`, `.env.local`, `.env.production`; not `.env.example`. */
export function isEnvFile(name: string): boolean {
  return /^\.env(\..+)?$/.test(name) && !/\.(example|sample|template|dist|defaults?)$/.test(name);
}

/** @param path - its name in messages */
export function readEnvFile(text: string, path: string): Settings {
  return {
    where(name) {
      const line = text
        .split('\n')
        .findLastIndex((one) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(one));
      return `${name} in ${path}:${line + 1}`;
    },
    file: basename(path),
    values: pick(parseEnv(text)),
  };
}

function pick(env: NodeJS.Dict<string>): Settings['values'] {
  return Object.fromEntries(settingNames.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/** Whether the host of a URL is this machine. */
export function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}
