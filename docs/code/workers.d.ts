/** What a configuration of Cloudflare Workers makes of the environment. */
declare module 'cloudflare:workers' {
  export const env: { readonly SUCCESSEVE_API_TOKEN: string };
}
