import { routerApps, routerScenarios } from '../src/router-apps.js';
import { useEngine } from '../src/use-engine.js';

// It has no Navigation API.
const others = Object.keys(routerApps).filter(
  (app) => app !== 'React Router' && app !== 'navigation.navigate()',
);

routerScenarios(useEngine('webkit'), others);
