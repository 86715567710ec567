declare function findContact(request: Request): Promise<{ contactUid: string } | null>;
declare function respond(request: Request): Promise<Response>;
// the block
