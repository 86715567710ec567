import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import {
  HashRouter,
  Link,
  Navigate,
  Route,
  Routes,
  useLocation,
  useNavigate,
  useSearchParams,
} from 'react-router';
import { decide, items, links } from './shared.js';

function Layout() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (
    <>
      <h1>{pathname}</h1>
      {links.map((path) => (
        <Link key={path} to={path}>
          {path}
        </Link>
      ))}
      <button id="burst" type="button" onClick={() => items.forEach((path) => void navigate(path))}>
        burst
      </button>
      <Routes>
        <Route path="/" element={<Navigate to="/inbox" replace />} />
        <Route path="/list" element={<List />} />
        <Route path="/old" element={<Old />} />
        <Route path="*" element={null} />
      </Routes>
    </>
  );
}

function List() {
  const [, setSearch] = useSearchParams();
  return <input onChange={({ target }) => setSearch({ q: target.value }, { replace: true })} />;
}

/** A guard that is a component: its URL is shown until it has decided. */
function Old() {
  const navigate = useNavigate();
  useEffect(() => {
    decide().then(() => navigate('/new', { replace: true }));
  }, [navigate]);
  return null;
}

const root = document.querySelector('#app');
if (root) {
  createRoot(root).render(
    <HashRouter>
      <Layout />
    </HashRouter>,
  );
}
