import { registerTracking, track } from '@successeve/next';

interface Session {
  readonly userId: string;
  readonly orgId: string;
}
declare const db: { sessions: { find(id: string | undefined): Promise<Session | null> } };
declare function signIn(form: FormData): Promise<{ readonly id: string; readonly orgId: string }>;
declare function getSession(): Promise<{ email: string; name: string; plan: string } | null>;
// the block
