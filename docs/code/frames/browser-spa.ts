declare const auth: { readonly token: string };
// the block
