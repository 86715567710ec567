import { documentScenarios } from '../src/documents.js';
import { useEngine } from '../src/use-engine.js';

documentScenarios(useEngine('chromium'), 'chromium');
