import { createTracker, tracking } from '@successeve/express';
import express from 'express';

declare function signIn(credentials: unknown): Promise<{ readonly id: string; readonly orgId: string }>;
const app = express();
// the block
