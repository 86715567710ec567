import { event, startReporting } from '@successeve/browser';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import {
  createBrowserRouter,
  Link,
  Navigate,
  Outlet,
  RouterProvider,
  redirect,
  useLocation,
  useNavigate,
  useSearchParams,
} from 'react-router';
import { decide, items, links } from './shared.js';

function Layout() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  // StrictMode runs it twice.
  useEffect(() => startReporting(), []);
  return (
    <>
      <h1>{pathname}</h1>
      {links.map((path) => (
        <Link key={path} to={path}>
          {path}
        </Link>
      ))}
      <Link id="anchor" to={`${pathname}#section`}>
        section
      </Link>
      <button id="burst" type="button" onClick={() => items.forEach((path) => void navigate(path))}>
        burst
      </button>
      <button
        id="event"
        type="button"
        onClick={() => event('filter_saved', { params: { filter: 'overdue' } })}
      >
        event
      </button>
      <Outlet />
    </>
  );
}

function List() {
  const [, setSearch] = useSearchParams();
  return <input onChange={({ target }) => setSearch({ q: target.value }, { replace: true })} />;
}

const router = createBrowserRouter([
  {
    element: <Layout />,
    children: [
      { path: '/', element: <Navigate to="/inbox" replace /> },
      { path: '/list', element: <List /> },
      {
        path: '/old',
        loader: async () => {
          await decide();
          return redirect('/new');
        },
      },
      { path: '*', element: null },
    ],
  },
]);

const root = document.querySelector('#app');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  );
}
