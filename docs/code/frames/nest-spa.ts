import type { CanActivate } from '@nestjs/common';
import { createTracker, TrackingModule } from '@successeve/nestjs';

declare class JwtAuthGuard implements CanActivate {
  canActivate(): boolean;
}
// the block
