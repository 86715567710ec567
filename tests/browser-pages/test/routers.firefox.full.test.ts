import { routerApps, routerScenarios } from '../src/router-apps.js';
import { useEngine } from '../src/use-engine.js';

const others = Object.keys(routerApps).filter((app) => app !== 'React Router');

routerScenarios(useEngine('firefox'), others);
