// A router of one's own on the Navigation API: nothing here calls `history`.
import { decide, items, links } from './shared.js';

const app = document.querySelector('#app');

function render(): void {
  const { pathname } = location;
  if (!app) return;
  app.innerHTML = `
    <h1>${pathname}</h1>
    ${links.map((path) => `<a href="${path}">${path}</a>`).join(' ')}
    <a id="anchor" href="#section">section</a>
    <button id="burst" type="button">burst</button>
    ${pathname === '/list' ? '<input>' : ''}
  `;
  app.querySelector('#burst')?.addEventListener('click', () => {
    for (const path of items) navigation.navigate(path);
  });
  app.querySelector('input')?.addEventListener('input', ({ target }) => {
    navigation.navigate(`/list?q=${(target as HTMLInputElement).value}`, { history: 'replace' });
  });
}

navigation.addEventListener('navigate', (event) => {
  if (!event.canIntercept || event.hashChange || event.downloadRequest !== null) return;
  const { pathname } = new URL(event.destination.url);
  // A page of the server's.
  if (pathname === '/bye') return;
  const isFilter = event.navigationType === 'replace' && pathname === '/list';
  event.intercept({
    // The field keeps it.
    focusReset: 'manual',
    handler: async () => {
      if (pathname === '/old') {
        await decide();
        navigation.navigate('/new', { history: 'replace' });
      } else if (!isFilter) render();
    },
  });
});

if (location.pathname === '/') navigation.navigate('/inbox', { history: 'replace' });
else render();
