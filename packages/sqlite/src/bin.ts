#!/usr/bin/env node
import { queueCommand } from './command/index.js';

process.exitCode = await queueCommand(process.argv.slice(2));
