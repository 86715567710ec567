import { hard } from './hard.js';
import { pagesRouter } from './pages-router.js';
import type { Scenario } from './scenario.js';
import { soft } from './soft.js';

export const scenarios: readonly Scenario[] = [...hard, ...soft, ...pagesRouter];
