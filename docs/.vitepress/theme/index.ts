// Without the fonts that it comes with: the reader's own are there already.

import type { Theme as VitePressTheme } from 'vitepress';
import Theme from 'vitepress/theme-without-fonts';
import { enhanceAppWithTabs } from 'vitepress-plugin-tabs/client';
import './style.css';

const theme: VitePressTheme = {
  extends: Theme,
  enhanceApp: ({ app }) => enhanceAppWithTabs(app),
};
export default theme;
