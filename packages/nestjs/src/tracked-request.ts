import type { ContextType, ExecutionContext } from '@nestjs/common';
import type { RequestTrack } from '@successeve/core/adapter';

/** A request of either platform, as decorators find it; without `track` where no `TrackingModule` follows it. */
export interface TrackedRequest {
  readonly track?: RequestTrack;
  /** Node's request, on Fastify; on Express the request is Node's. */
  readonly raw?: object;
}

/** The request that a handler belongs to, where there is one: HTTP, or GraphQL over it. */
export function requestOf(context: ExecutionContext): TrackedRequest | undefined {
  switch (typeOf(context)) {
    case 'http':
      return context.switchToHttp().getRequest();
    case 'graphql':
      // What `GqlExecutionContext.getContext()` returns, without a dependency on @nestjs/graphql.
      return context.getArgByIndex<{ req?: TrackedRequest } | undefined>(2)?.req;
    default:
      return undefined;
  }
}

/** Why a decorator finds no `track`, and what to do about it. */
export function whyUntracked(decorator: string, context: ExecutionContext): string {
  const where = `${decorator} in ${context.getClass().name}.${context.getHandler().name}`;
  switch (typeOf(context)) {
    case 'http':
      return `${where}: the request is not tracked; import TrackingModule.forRoot(…) in the root module`;
    case 'graphql':
      return `${where}: expected the HTTP request as \`req\` in the GraphQL context, got none that is tracked`;
    default:
      return `${where}: expected an HTTP request, got a message (${context.getType()}); inject TRACKER and name the contact`;
  }
}

function typeOf(context: ExecutionContext): ContextType | 'graphql' {
  return context.getType();
}
