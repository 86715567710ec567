import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { createTracker, tracking } from '@successeve/hono';
import { Hono } from 'hono';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';

interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly plan: string;
}

const app = new Hono<{ Variables: { user?: User } }>();
const tracker = createTracker();
declare function signIn(credentials: unknown): Promise<{ id: string; orgId: string }>;
declare const server: Server;
// the block
