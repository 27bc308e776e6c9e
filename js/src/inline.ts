// The whole package in one file, the module's bytes included: for pages without a server. No workers.
export * from './index.js';
export * from './pool.js';
