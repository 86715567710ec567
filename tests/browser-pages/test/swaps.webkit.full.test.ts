import { swapApps, swapScenarios } from '../src/swap-apps.js';
import { useEngine } from '../src/use-engine.js';

const others = Object.keys(swapApps).filter((app) => app !== 'Turbo');

swapScenarios(useEngine('webkit'), others);
