#!/usr/bin/env node
import { queueCommand } from './command/queue-command.js';

process.exitCode = await queueCommand(process.argv.slice(2));
