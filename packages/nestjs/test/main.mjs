import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as nestjs from '@successeve/nestjs';
import { start } from './application.cjs';

const platform = process.argv.includes('fastify')
  ? await import('@nestjs/platform-fastify')
  : await import('@nestjs/platform-express');
await start({ common, core, platform, nestjs }, process.argv);
