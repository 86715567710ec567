import { noReferrerScenario } from './no-referrer.js';

noReferrerScenario('firefox');
