import type { RequestTrack } from '@successeve/core';

declare global {
  namespace App {
    interface Locals {
      track: RequestTrack;
      user?: { id: string; orgId: string };
    }
  }
}
// the block
