import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { createTracker, tracking } from '@successeve/hono';
import { Hono } from 'hono';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';

const app = new Hono();
const tracker = createTracker();
declare const server: Server;
// the block
