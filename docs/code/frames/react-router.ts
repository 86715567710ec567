import { createContext as createUserContext } from 'react-router';

const userContext = createUserContext<{ id: string; orgId: string } | null>(null);
// the block
