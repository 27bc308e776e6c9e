// Prints the milliseconds from nothing to the first score: {load, loadWithImport}, in this new process.
import { readFileSync } from 'node:fs';

const begin = performance.now();
const { RoleModel } = await import('../js/dist/index.js');
const imported = performance.now();
const model = await RoleModel.load(readFileSync(process.argv[2]));
model.scoreRows(new Float64Array(model.info.metrics.length));
const end = performance.now();
console.log(JSON.stringify({ load: end - imported, loadWithImport: end - begin }));
