import { noReferrerScenario } from './no-referrer.js';

noReferrerScenario('webkit');
