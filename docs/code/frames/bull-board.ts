import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { Queue } from 'bullmq';

declare const connection: { readonly host: string };
declare const serverAdapter: Parameters<typeof createBullBoard>[0]['serverAdapter'];
// the block
