import { ConfigModule, ConfigService } from '@nestjs/config';
import { createTracker, TrackingModule } from '@successeve/nestjs';
// the block
