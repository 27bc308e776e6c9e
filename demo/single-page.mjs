// A plugin for Vite: the one script, the style sheet and the data blocks go into one HTML file, whose security policy allows exactly
// these.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

import { transformWithEsbuild } from 'vite';

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Text between script tags must not look like the end of it, or the start of a comment. */
const asScript = (code) => code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

function block(id, base64) {
  return `<script type="application/octet-stream" id="${id}">${base64}</script>`;
}

function securityPolicy(script, style) {
  return [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html default',
  ].join('; ');
}

/** name: of the page; page, style: source files; blocks: files by id, deflated already when their name ends in .bin. */
export function singlePage({ name, page, style, blocks }) {
  return {
    name: 'single-page',
    enforce: 'pre',
    transform(code) {
      // The page hands the module's bytes over; else Vite would add the file once more, for each place that names it.
      const place = /new URL\((['"])(?:\.\/)?rolemix\.wasm\1,\s*import\.meta\.url\)/g;
      return place.test(code)
        ? code.replace(place, "new URL('rolemix.wasm', location.href)")
        : null;
    },
    async generateBundle(_, bundle) {
      const chunks = Object.values(bundle);
      if (chunks.length !== 1) {
        this.error(`expected one script, got ${chunks.map((chunk) => chunk.fileName).join(', ')}`);
      }
      const script = asScript(chunks[0].code.replaceAll('\r', '').trim());
      const sheet = await transformWithEsbuild(readFileSync(style, 'utf8'), style, {
        minify: true,
      });
      const parts = {
        script,
        style: sheet.code.trim(),
        policy: securityPolicy(script, sheet.code.trim()),
        blocks: Object.entries(blocks)
          .map(([id, file]) => {
            const bytes = readFileSync(file);
            const deflated = file.endsWith('.bin') ? bytes : deflateRawSync(bytes, { level: 9 });
            return block(id, deflated.toString('base64'));
          })
          .join('\n    '),
      };
      // Spaces around a part would belong to it, and change its hash.
      const html = readFileSync(page, 'utf8').replace(
        /\s*%(script|style)%\s*|%(\w+)%/g,
        (found, inner, other) => parts[inner ?? other] ?? found,
      );
      delete bundle[chunks[0].fileName];
      this.emitFile({ type: 'asset', fileName: name, source: html });
    },
  };
}
