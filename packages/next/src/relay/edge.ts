/** A relay on the edge knows no contact: the route needs the Node runtime, which is Next's default. */
export function POST(_request: Request): Response {
  return new Response(null, { status: 204 });
}
