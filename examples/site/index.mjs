export * as pages from './pages.mjs';
export { currentUser, signIn, signOut, users } from './users.mjs';
