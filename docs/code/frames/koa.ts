import { createTracker, tracking } from '@successeve/koa';
import Koa from 'koa';

const app = new Koa();
// the block
