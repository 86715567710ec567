import { registerTracking } from '@successeve/next';

// the block
