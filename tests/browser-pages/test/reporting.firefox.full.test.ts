import { reportingScenarios } from '../src/reporting.js';
import { useEngine } from '../src/use-engine.js';

reportingScenarios(useEngine('firefox'));
