import { type ReactNode, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter, Link, Navigate, Route, Routes, useNavigate, useParams } from 'react-router';

// Nothing in here knows of SuccessEve: the script in index.html watches which page is shown.

interface User {
  readonly name: string;
}

interface Report {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
}

async function ask<Answer>(path: string, form?: Record<string, string>): Promise<Answer | undefined> {
  const init = form && { method: 'POST', body: new URLSearchParams(form) };
  const answer = await fetch(`/api${path}`, init);
  return answer.ok ? answer.json() : undefined;
}

function App(): ReactNode {
  const [user, setUser] = useState<User | null>();
  const read = (): Promise<void> => ask<User>('/me').then((answer) => setUser(answer ?? null));
  useEffect(() => void read(), []);
  if (user === undefined) return null;
  if (user === null) {
    return (
      <Routes>
        <Route path="/login" element={<Login onSignedIn={read} />} />
        <Route path="*" element={<Navigate to="/login" replace />} />
      </Routes>
    );
  }
  return (
    <Routes>
      <Route path="/login" element={<Navigate to="/" replace />} />
      <Route path="/" element={<Home user={user} onSignedOut={read} />} />
      <Route path="/reports/:id" element={<ReportPage />} />
    </Routes>
  );
}

function Login({ onSignedIn }: { onSignedIn(): void }): ReactNode {
  return (
    <main>
      <h1>Who are you?</h1>
      {['ada', 'grace'].map((user) => (
        <button type="button" key={user} onClick={() => void ask('/login', { user }).then(onSignedIn)}>
          {user}
        </button>
      ))}
    </main>
  );
}

function Home({ user, onSignedOut }: { user: User; onSignedOut(): void }): ReactNode {
  const [reports, setReports] = useState<readonly Report[]>([]);
  useEffect(() => void ask<readonly Report[]>('/reports').then((found) => setReports(found ?? [])), []);
  return (
    <main>
      <h1>Hello, {user.name}</h1>
      <ul>
        {reports.map(({ id, title }) => (
          <li key={id}>
            <Link to={`/reports/${id}`}>{title}</Link>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => void ask('/logout', {}).then(onSignedOut)}>
        Sign out
      </button>
    </main>
  );
}

function ReportPage(): ReactNode {
  const { id } = useParams();
  const navigate = useNavigate();
  const [report, setReport] = useState<Report>();
  useEffect(() => void ask<Report>(`/reports/${id}`).then(setReport), [id]);
  return (
    <main>
      <h1>{report?.title}</h1>
      <p>{report?.summary}</p>
      <button type="button" onClick={() => void ask(`/reports/${id}/export`, {})}>
        Export
      </button>
      <button type="button" onClick={() => void navigate('/')}>
        All reports
      </button>
    </main>
  );
}

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </StrictMode>,
  );
}
