#!/usr/bin/env node
import { relayCommand } from './command/relay-command.js';

process.exitCode = await relayCommand(process.argv.slice(2));
