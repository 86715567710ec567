import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';

const config: UserConfig[] = defineConfig([
  { ...published, entry: ['src/index.ts', 'src/handler.ts', 'src/vitest.ts', 'src/jest.ts'] },
  // Vitest runs ESM alone.
  { ...published, entry: ['src/queue-contract.ts'], format: 'esm', clean: false },
]);
export default config;
