import { describeAdapter } from '@successeve/adapter-contract';
import { majors } from './majors.js';
import { mountOn } from './test-application.js';

for (const [name, Koa] of majors) describeAdapter(name, mountOn(Koa));
