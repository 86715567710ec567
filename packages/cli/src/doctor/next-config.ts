import { execFile } from 'node:child_process';

/** The fields of a configuration that are read here, as Next resolves it. */
export interface NextConfig {
  /** The path of the browser's reports, as set by `withSuccessEve`. */
  readonly relay: string | null;
  readonly basePath: string;
  readonly pageExtensions: readonly string[];
}

/** A configuration, the problem with it, or undefined where this Next has no such loader. */
export type LoadedConfig = { readonly config: NextConfig } | { readonly problem: string } | undefined;

/** How long Next may take: a configuration is code, and may never end. */
const patienceMs = 60_000;

/** Marks the result in the output, since a configuration may print too. */
const mark = '@successeve/cli next.config ';

/** Loads the configuration with Next itself, in a separate process, since it is code. */
const script = `
const say = (answer) => console.log('\\n' + ${JSON.stringify(mark)} + JSON.stringify(answer));
let load;
try {
  const loader = require.resolve('next/dist/server/config', { paths: [process.cwd()] });
  load = require(loader).default;
} catch {
  process.exit();
}
load('phase-production-build', process.cwd()).then(
  ({ env = {}, basePath, pageExtensions }) =>
    say({ config: { relay: env.SUCCESSEVE_RELAY ?? null, basePath, pageExtensions } }),
  (error) => say({ problem: String(error?.message ?? error).split('\\n', 1)[0] }),
).finally(() => process.exit());
`;

/** Loads `next.config` as `next build` does. */
export function loadNextConfig(folder: string): Promise<LoadedConfig> {
  return new Promise((resolve) => {
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
    execFile(
      process.execPath,
      ['-e', script],
      { cwd: folder, env, timeout: patienceMs },
      (_, stdout, stderr) => {
        const answer = stdout.split('\n').find((line) => line.startsWith(mark));
        if (answer) return resolve(JSON.parse(answer.slice(mark.length)));
        // Next ends the process where a configuration is invalid.
        const [problem] = stderr.trim().split('\n', 1);
        resolve(problem ? { problem } : undefined);
      },
    );
  });
}
