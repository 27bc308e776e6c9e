// Plugins for Vite that make the page out of one script, a style sheet and data: in one HTML file whose security policy allows exactly
// these, or as files for a server.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { deflateRawSync } from 'node:zlib';

import { transformWithEsbuild } from 'vite';

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Text between script tags must not look like the end of it, or the start of a comment. */
const asScript = (code) => code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

function block(id, base64) {
  return `<script type="application/octet-stream" id="${id}">${base64}</script>`;
}

const trusted = [
  "require-trusted-types-for 'script'",
  'trusted-types lit-html rolemix-elements default',
];

function securityPolicy(script, style) {
  return [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'img-src data:',
    // Folders of models, where the reader names one.
    'connect-src http: https:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    ...trusted,
  ].join('; ');
}

/** The page hands over the modules' bytes and its own workers; else Vite would add the files once more, for each place that names them. */
export function givenModules() {
  return {
    name: 'given-modules',
    enforce: 'pre',
    transform(code) {
      const place =
        /new URL\((['"])(?:\.\/)?(rolemix(?:-table)?\.wasm|worker\.js)\1,\s*import\.meta\.url\)/g;
      return place.test(code) ? code.replace(place, "new URL('$2', location.href)") : null;
    },
  };
}

/** The page with what stands between percent signs filled in. */
function filled(page, parts) {
  return readFileSync(page, 'utf8').replace(/%(\w+)%/g, (found, name) => parts[name] ?? found);
}

async function contents(plugin, bundle, style) {
  const chunks = Object.values(bundle);
  if (chunks.length !== 1) {
    plugin.error(`expected one script, got ${chunks.map((chunk) => chunk.fileName).join(', ')}`);
  }
  const [chunk] = chunks;
  delete bundle[chunk.fileName];
  const sheet = await transformWithEsbuild(readFileSync(style, 'utf8'), style, { minify: true });
  return { script: chunk.code.replaceAll('\r', '').trim(), style: sheet.code.trim() };
}

/** name: of the page; page, style: source files; blocks: files by id, deflated already when their name ends in .bin. */
export function singlePage({ name, page, style, blocks }) {
  return {
    name: 'single-page',
    async generateBundle(_, bundle) {
      const made = await contents(this, bundle, style);
      const script = asScript(made.script);
      const source = filled(page, {
        head: `<style>${made.style}</style>`,
        policy: securityPolicy(script, made.style),
        blocks: Object.entries(blocks)
          .map(([id, file]) => {
            const bytes = readFileSync(file);
            const deflated = file.endsWith('.bin') ? bytes : deflateRawSync(bytes, { level: 9 });
            return block(id, deflated.toString('base64'));
          })
          .join('\n    '),
        code: `<script type="module">${script}</script>`,
      });
      this.emitFile({ type: 'asset', fileName: name, source });
    },
  };
}

/** index.html, and beside it a script, a style sheet and the data as they are; the server says the policy. */
export function site({ page, style, blocks }) {
  return {
    name: 'site',
    async generateBundle(_, bundle) {
      const made = await contents(this, bundle, style);
      const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 10);
      const emit = (stem, end, source) => {
        const fileName = `${stem}-${digest(source)}.${end}`;
        this.emitFile({ type: 'asset', fileName, source });
        return fileName;
      };
      const links = Object.entries(blocks).map(([id, file]) => {
        const [, stem, end] = basename(file).match(/^(.*)\.(\w+)$/);
        const href = emit(stem, end, readFileSync(file));
        // The reader of tables may never be needed.
        const use = id === 'table' ? 'prefetch' : 'preload';
        return `<link rel="${use}" as="fetch" crossorigin id="${id}" href="${href}" />`;
      });
      const source = filled(page, {
        head: `<link rel="stylesheet" href="${emit('page', 'css', made.style)}" />\n    ${links.join('\n    ')}`,
        policy: trusted.join('; '),
        blocks: '',
        code: `<script type="module" src="${emit('page', 'js', made.script)}"></script>`,
      });
      this.emitFile({ type: 'asset', fileName: 'index.html', source });
    },
  };
}
