import { hotReloadScenarios } from '../src/hot-reload.js';
import { originScenarios } from '../src/origins.js';
import { reportingScenarios } from '../src/reporting.js';
import { useEngine } from '../src/use-engine.js';

const engine = useEngine('chromium');
reportingScenarios(engine);
originScenarios(engine);
hotReloadScenarios(engine);
