// Engines as child processes that answer each line with a number. All run on one thread.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' };

/** {ask(line), stop()}; ask gives undefined when the engine has ended. */
export async function startEngine(program, options) {
  const child = spawn(program, options, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      return done ? undefined : Number(value);
    },
    stop: () => child.stdin.end(),
  };
}

/** What a program prints. */
export async function run(program, options) {
  const child = spawn(program, options, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return text;
}
