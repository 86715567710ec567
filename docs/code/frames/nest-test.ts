import { Test } from '@nestjs/testing';
import { TRACKER, TrackingModule } from '@successeve/nestjs';
import { createRecorder } from '@successeve/testing';

class AppModule {}
// the block
