declare function defineConfig(config: { server: { proxy: Record<string, string> } }): object;
// the block
