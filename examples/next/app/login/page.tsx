import { users } from '@successeve/example-site';
import type { ReactNode } from 'react';

export default function Login(): ReactNode {
  return (
    <main>
      <h1>Who are you?</h1>
      <form method="post" action="/session">
        {users.map(({ id, name }) => (
          <button key={id} type="submit" name="user" value={id}>
            {name}
          </button>
        ))}
        <button type="submit">Nobody</button>
      </form>
    </main>
  );
}
