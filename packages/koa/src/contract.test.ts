import { scale } from '@successeve/test-scale';
import { describeAdapter } from '@successeve/testing/adapter-contract';
import { majors } from './majors.js';
import { mountOn } from './test-application.js';

const newest = majors.at(-1)?.[0];

for (const [name, Koa] of majors) {
  describeAdapter(name, mountOn(Koa), {}, name === newest ? 'all' : scale('translation', 'all'));
}
