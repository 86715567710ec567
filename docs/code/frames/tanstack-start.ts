declare function userOf(request: Request): Promise<{ id: string; orgId: string } | null>;
// the block
