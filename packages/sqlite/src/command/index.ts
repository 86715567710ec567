export { type QueueCommandOptions, queueCommand } from './queue-command.js';
