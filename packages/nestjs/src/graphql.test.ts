import { ApolloDriver } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { Args, GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import type { Site } from '@successeve/testing/adapter-contract';
import { describe, expect, it } from 'vitest';
import { type RequestTrack, SkipTracking, Track, TrackEvent } from './index.js';
import { type Platform, platforms } from './test-platforms.js';
import { openOn } from './test-site.js';

const typeDefs = `
  type Query { greeting(name: String!): String! }
  type Mutation { choosePlan(plan: String!): String! }
`;

@Resolver()
class Resolvers {
  @Query('greeting')
  @SkipTracking()
  greeting(@Args('name') name: string, @Track() track: RequestTrack): string {
    track.event('greeting_asked', { params: { name } });
    return `Hello, ${name}`;
  }

  @Mutation('choosePlan')
  @TrackEvent('plan_chosen', (plan: string, { headers }) => ({ params: { plan, from: headers['x-from'] } }))
  choosePlan(@Args('plan') plan: string): string {
    return plan;
  }
}

/** A real GraphQL server: Apollo on Express, Mercurius on Fastify. */
function openGraphql(platform: Platform, options: object = {}): Promise<Site> {
  const driver = platform.isFastify ? MercuriusDriver : ApolloDriver;
  const graphql = GraphQLModule.forRoot({ driver, typeDefs, path: '/graphql', ...options });
  return openOn(
    platform,
    (tracking) => {
      @Module({ imports: [tracking, graphql], providers: [Resolvers] })
      class Application {}
      return Application;
    },
    { tracking: { identify: ({ headers }) => ({ contactUid: String(headers['x-user']) }) } },
  );
}

async function ask(site: Site, query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'x-from': 'pricing' };
  const body = JSON.stringify({ query });
  return JSON.parse((await site.send({ method: 'POST', path: '/graphql', headers, body })).body);
}

describe.each(platforms)('GraphQL on $name', (platform) => {
  it('has the decorators in resolvers, and is never a pageview', async () => {
    const site = await openGraphql(platform);

    expect(await ask(site, '{ greeting(name: "Ada") }')).toMatchObject({ data: { greeting: 'Hello, Ada' } });
    expect(await ask(site, 'mutation { choosePlan(plan: "gold") }')).toMatchObject({
      data: { choosePlan: 'gold' },
    });
    await site.flush();

    expect(site.api.events).toMatchObject([
      { contact_uid: 'ada', event_uid: 'greeting_asked', params: { name: 'Ada' } },
      { contact_uid: 'ada', event_uid: 'plan_chosen', params: { plan: 'gold', from: 'pricing' } },
    ]);
    expect(site.outcome).toEqual({ recorded: 0, skipped: { method: 2 } });
  });

  it('needs the request in the context, and says so where it is missing', async () => {
    const site = await openGraphql(platform, { context: () => ({ req: { headers: {} } }) });

    const asked = await ask(site, '{ greeting(name: "Ada") }');
    const chosen = await ask(site, 'mutation { choosePlan(plan: "gold") }');
    await site.flush();

    expect(asked).toMatchObject({
      errors: [
        { message: expect.stringContaining('expected the HTTP request as `req` in the GraphQL context') },
      ],
    });
    expect(chosen).toMatchObject({ data: { choosePlan: 'gold' } });
    expect(site.api.events).toEqual([]);
  });
});
