// Bundles GraphiQL into the folder that is named: a page, and files whose names hold a hash of what is in them.
// The same sources and the same lock make the same bytes, wherever they lie.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const LICENCE = /^(licen[sc]e|notice|copying)/i;

const settings = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  metafile: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  target: 'es2022',
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.ttf': 'file', '.woff2': 'file' },
  define: { 'process.env.NODE_ENV': '"production"' },
};

/** The text of the licence of every package that something was taken from, by its name; each of them asks for that. */
function licences(inputs) {
  const packages = new Set(inputs.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
  return [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(HERE, folder, 'package.json'), 'utf8'));
    const texts = readdirSync(join(HERE, folder))
      .filter((file) => LICENCE.test(file))
      .sort()
      .map((file) => readFileSync(join(HERE, folder, file), 'utf8').trim());
    return [`${name} ${version}, ${license}`, ...texts].join('\n\n');
  });
}

const target = resolve(process.argv[2]);
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const workers = await build({
  ...settings,
  outdir: target,
  format: 'iife',
  entryPoints: {
    editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
    graphql: 'monaco-graphql/esm/graphql.worker.js',
    json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  },
});
const names = Object.entries(workers.metafile.outputs).map(([path]) => basename(path));
const app = await build({
  ...settings,
  outdir: target,
  format: 'esm',
  jsx: 'automatic',
  entryPoints: { graphiql: 'source/main.jsx' },
  define: {
    ...settings.define,
    WORKERS: JSON.stringify(Object.fromEntries(names.map((name) => [name.split('-')[0], name]))),
  },
});

const written = Object.keys(app.metafile.outputs).map((path) => basename(path));
const page = readFileSync(join(HERE, 'source', 'page.html'), 'utf8')
  .replace('{script}', written.find((name) => name.endsWith('.js')))
  .replace('{style}', written.find((name) => name.endsWith('.css')));
writeFileSync(join(target, 'page.html'), page);

const inputs = [workers, app].flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync(join(target, 'licences.txt'), `${licences(inputs).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
