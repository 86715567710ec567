import { execFile } from 'node:child_process';

/** What we read of a configuration as Next resolves it, whatever wraps it. */
export interface NextConfig {
  /** Set by `withSuccessEve`: where the browser reports to. */
  readonly relay: string | null;
  readonly basePath: string;
  readonly pageExtensions: readonly string[];
}

/** A configuration, why there is none, or nothing where this Next has no such loader. */
export type LoadedConfig = { readonly config: NextConfig } | { readonly problem: string } | undefined;

/** How long Next may take: a configuration may do anything, and so also never come to its end. */
const patienceMs = 60_000;

/** Before what we are told: a configuration may print whatever it likes. */
const mark = '@successeve/cli next.config ';

/** Asks Next itself; runs in a process of its own, as a configuration is code, which may do anything. */
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
        // Next ends the process by itself where a configuration has no valid form.
        const [problem] = stderr.trim().split('\n', 1);
        resolve(problem ? { problem } : undefined);
      },
    );
  });
}
