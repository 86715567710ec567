// What Astro's compiler makes of `<ClientRouter />`.
// @ts-expect-error The bundler knows it.
import 'astro-client-router';
