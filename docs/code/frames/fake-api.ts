import { startFakeApi } from '@successeve/testing';
// the block
