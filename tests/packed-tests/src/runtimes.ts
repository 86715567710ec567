import { Customer, type Runtime } from './customer.js';

/** A runtime as npm distributes it. */
interface Distribution {
  readonly name: string;
  /** The package with its binary, which is called the same, and the version. */
  readonly dependency: readonly [name: string, range: string];
  /** What stands before a program's file. */
  readonly args?: readonly string[];
}

export const nodes: readonly Distribution[] = [
  // The oldest that the packages promise to run on.
  { name: 'Node', dependency: ['node', '20.19.0'] },
  { name: 'Node', dependency: ['node', '22'] },
  { name: 'Node', dependency: ['node', '24'] },
  { name: 'Node', dependency: ['node', '26'] },
];

export const others: readonly Distribution[] = [
  { name: 'Bun', dependency: ['bun', 'latest'] },
  { name: 'Deno', dependency: ['deno', 'latest'], args: ['run', '--allow-all'] },
];

export interface Installed {
  readonly name: string;
  readonly version: string;
  readonly runtime: Runtime;
  remove(): Promise<void>;
}

/** Downloads a runtime into a folder of its own. */
export async function install({ name, dependency, args = [] }: Distribution): Promise<Installed> {
  const [binary, range] = dependency;
  const home = await Customer.begin({ ours: [], theirs: { [binary]: range } });
  const command = `${home.folder}/node_modules/.bin/${binary}`;
  const [version = ''] = (await home.run([command], '--version')).match(/\d+\.\d+\.\d+/) ?? [];
  return { name, version, runtime: [command, ...args], remove: () => home.remove() };
}
