import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  Outlet,
  RouterProvider,
  redirect,
  useLocation,
  useNavigate,
} from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { decide, items, links } from './shared.js';

function Layout() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (
    <>
      <h1>{pathname}</h1>
      {links.map((path) => (
        <Link key={path} to={path as string} preload="intent">
          {path}
        </Link>
      ))}
      <Link id="anchor" to="." hash="section">
        section
      </Link>
      <button
        id="burst"
        type="button"
        onClick={() => items.forEach((to) => void navigate({ to: to as string }))}
      >
        burst
      </button>
      <Outlet />
    </>
  );
}

function List() {
  const navigate = useNavigate();
  return (
    <input
      onChange={({ target }) =>
        navigate({ to: '/list' as string, search: { q: target.value }, replace: true })
      }
    />
  );
}

const root = createRootRoute({ component: Layout });
const getParentRoute = () => root;
const router = createRouter({
  routeTree: root.addChildren([
    createRoute({
      getParentRoute,
      path: '/',
      beforeLoad: () => {
        throw redirect({ to: '/inbox' as string, replace: true });
      },
    }),
    createRoute({ getParentRoute, path: '/list', component: List }),
    createRoute({
      getParentRoute,
      path: '/old',
      beforeLoad: async () => {
        await decide();
        throw redirect({ to: '/new' as string });
      },
    }),
    createRoute({ getParentRoute, path: '$' }),
  ]),
});

const element = document.querySelector('#app');
if (element) createRoot(element).render(<RouterProvider router={router} />);
