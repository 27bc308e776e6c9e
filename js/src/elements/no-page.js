// Stands in for what the scripts of a page may ask for as soon as they are loaded, where there is no page.
const page = globalThis.document;
const element = globalThis.HTMLElement ?? class {};
const nothing = { createTreeWalker: () => null, createComment: () => null };

export { element as HTMLElement };
export const document = page ?? nothing;
