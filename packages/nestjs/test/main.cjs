'use strict';
const { start } = require('./application.cjs');

const platform = process.argv.includes('fastify')
  ? require('@nestjs/platform-fastify')
  : require('@nestjs/platform-express');
const common = require('@nestjs/common');
const core = require('@nestjs/core');
const nestjs = require('@successeve/nestjs');
void start({ common, core, platform, nestjs }, process.argv);
