#!/usr/bin/env node
import { goOnUnread } from './go-on-unread.js';
import { runProgram } from './program.js';

goOnUnread(process.stdout);
goOnUnread(process.stderr);
process.exitCode = await runProgram(process.argv.slice(2));
