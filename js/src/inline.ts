// The whole package in one file, the modules' bytes included: for pages without a server. No workers.
export * from './index.js';
export * from './csv.js';
export * from './pool.js';
export * from './files.js';
export * from './verdicts.js';
export * from './config.js';
