import { createApp, defineComponent, h } from 'vue';
import { createRouter, createWebHistory, RouterLink, RouterView, useRoute, useRouter } from 'vue-router';
import { decide, items, links } from './shared.js';

const Nothing = defineComponent(() => () => null);

const List = defineComponent(() => {
  const router = useRouter();
  const onInput = ({ target }: { target: HTMLInputElement }) =>
    router.replace({ query: { q: target.value } });
  return () => h('input', { onInput });
});

const Layout = defineComponent(() => {
  const route = useRoute();
  const router = useRouter();
  return () => [
    h('h1', route.path),
    links.map((to) => h(RouterLink, { to }, () => to)),
    h(RouterLink, { id: 'anchor', to: '#section' }, () => 'section'),
    h('button', { id: 'burst', onClick: () => items.forEach((path) => void router.push(path)) }, 'burst'),
    h(RouterView),
  ];
});

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/inbox' },
    { path: '/list', component: List },
    {
      path: '/old',
      component: Nothing,
      beforeEnter: async () => {
        await decide();
        return '/new';
      },
    },
    { path: '/:all(.*)', component: Nothing },
  ],
});

createApp(Layout).use(router).mount('#app');
