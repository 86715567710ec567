import { cookies } from 'next/headers';
import { sessionCookie, type User, userOf } from '../session';

export async function currentUser(): Promise<User | undefined> {
  return userOf((await cookies()).get(sessionCookie)?.value);
}
