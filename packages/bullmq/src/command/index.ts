export { type RelayCommandOptions, relayCommand } from './relay-command.js';
