import { swapApps, swapScenarios } from '../src/swap-apps.js';
import { useEngine } from '../src/use-engine.js';

swapScenarios(useEngine('webkit'), Object.keys(swapApps));
