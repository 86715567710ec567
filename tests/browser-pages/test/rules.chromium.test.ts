import { ruleScenarios } from '../src/rules.js';
import { useEngine } from '../src/use-engine.js';

ruleScenarios(useEngine('chromium'), 'chromium');
