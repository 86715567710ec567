import { routerApps, routerScenarios } from '../src/router-apps.js';
import { useEngine } from '../src/use-engine.js';

routerScenarios(useEngine('chromium'), Object.keys(routerApps));
