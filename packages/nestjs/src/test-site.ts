import type {
  CanActivate,
  DynamicModule,
  ExecutionContext,
  INestApplication,
  Provider,
  Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { type Given, openSite, type Site, type User } from '@successeve/testing/adapter-contract';
import { type Tracker, TrackingModule } from './index.js';
import { create, listen, type Platform, type PlatformRequest } from './test-platforms.js';

/** As Passport and JWT guards do it: the user is put on the request that guards see. */
export const signIn: Provider = {
  provide: APP_GUARD,
  useValue: {
    canActivate(context: ExecutionContext) {
      const request = context.switchToHttp().getRequest<PlatformRequest>();
      const name = request.headers['x-user'];
      if (name) request.user = { id: String(name), orgId: `org-of-${name}` };
      return name !== 'mallory';
    },
  } satisfies CanActivate,
};

/** What a test makes itself, where the application of the contract suite does not have it. */
export interface Making extends Given<PlatformRequest> {
  /** Adds to the application before it starts. */
  readonly prepare?: (app: INestApplication) => void;
}

/** Opens a site with an application of the test's own, whose guards sign in whom the header `x-user` names. */
export function openOn(
  platform: Platform,
  root: (tracking: DynamicModule, tracker: Tracker) => Type,
  { prepare, ...given }: Making = {},
): Promise<Site> {
  return openSite(
    {
      userOf: ({ user }) => user as User | undefined,
      rawOf: (request) => request.raw ?? (request as never),
      async mount(tracker, options) {
        const app = await create(platform, root(TrackingModule.forRoot({ tracker, ...options }), tracker));
        prepare?.(app);
        return { url: await listen(app), close: () => app.close() };
      },
    },
    given,
  );
}
