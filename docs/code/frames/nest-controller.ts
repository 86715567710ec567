import { Body, Controller, Get, Param, Post, Req } from '@nestjs/common';
import { type RequestTrack, Track, TrackEvent } from '@successeve/nestjs';
import type * as express from 'express';

interface Credentials {
  readonly email: string;
  readonly password: string;
}
type Registration = Credentials;
interface Choice {
  readonly plan: string;
}
interface Plan {
  readonly name: string;
}
interface User {
  readonly id: string;
  readonly orgId: string;
}
/** A request of the reader's, as their authentication leaves it. */
type Request = express.Request & {
  user?: { readonly email: string; readonly name: string; readonly plan: string };
};

@Controller()
export class AController {
  auth!: { signIn(credentials: Credentials): Promise<User> };
  users!: { register(registration: Registration): Promise<User> };
  plans!: { choose(choice: Choice): Promise<Plan> };

  // the block
}
