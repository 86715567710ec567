import { type AdapterUnderTest, describeAdapter } from '@successeve/testing/adapter-contract';
import Koa3, { type Context } from 'koa';

const Koa2 = Koa3;
declare function mountOn(framework: typeof Koa3): AdapterUnderTest<Context>;
// the block
