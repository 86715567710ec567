#!/usr/bin/env node
import { ignoreClosedPipe } from './ignore-closed-pipe.js';
import { runProgram } from './program.js';

ignoreClosedPipe(process.stdout);
ignoreClosedPipe(process.stderr);
await runProgram(process.argv.slice(2));
