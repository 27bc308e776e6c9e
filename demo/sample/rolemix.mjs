// The command line tool, and the CSV that it writes.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../build/native/rolemix', import.meta.url));

/** Standard output of the command; its messages are shown only if it fails. */
export function rolemix(...options) {
  try {
    return execFileSync(program, options.map(String), {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const end = error.signal ?? error.code ?? `exit code ${error.status}`;
    const message = `rolemix ${options.join(' ')}: ${end}\n${error.stderr ?? ''}`;
    throw new Error(message, { cause: error });
  }
}

/** Records by column name; every value is text. */
export function parseCsv(text) {
  const [names, ...rows] = text.trimEnd().split('\n').map(fields);
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

function fields(line) {
  const found = line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g);
  const texts = Array.from(found, ([, text]) =>
    text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text,
  );
  return texts.slice(0, line.endsWith(',') ? undefined : -1);
}

/** What is explained of a table's rows: [{host, timestamp, metrics by rank}]. */
export function explainRows(model, input, { host, from, to }) {
  const only = host ? ['--host', host] : [];
  const range = ['--from', from, '--to', to, '--format', 'csv'];
  const lines = rolemix('explain', '-m', model, '--input', input, ...only, ...range);
  const rows = new Map();
  for (const line of parseCsv(lines)) {
    const key = `${line.host} ${line.timestamp}`;
    const row = rows.get(key) ?? {
      host: line.host,
      timestamp: Number(line.timestamp),
      metrics: [],
    };
    row.metrics[Number(line.rank) - 1] = line;
    rows.set(key, row);
  }
  return [...rows.values()];
}
