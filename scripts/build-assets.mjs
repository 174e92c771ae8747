// Fills static/build/ from node_modules: the third-party files the pages link to, and one sprite of the icons they name.
// An icon is found by its name: any quoted word in a template or Python file that Tabler has an outline for.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const build = join(root, "static", "build");
const outlines = join(modules, "@tabler", "icons", "icons", "outline");

const COPIES = {
  "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "idiomorph-ext.min.js": "idiomorph/dist/idiomorph-ext.min.js",
};
const SKIPPED = new Set(["node_modules", "static", "staticfiles", "tests", "locale", "docs", "migrations", "__pycache__"]);
const QUOTED = /["'=]([a-z][a-z0-9-]{0,40})(?=["'\s|}])/g;

function sources(folder, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sources(path, found);
    else if (/\.(html|py)$/.test(entry.name)) found.push(path);
  }
  return found;
}

function iconNames() {
  const known = new Set(readdirSync(outlines).map((file) => file.replace(/\.svg$/, "")));
  const names = new Set();
  for (const path of sources(root)) {
    for (const [, word] of readFileSync(path, "utf8").matchAll(QUOTED)) if (known.has(word)) names.add(word);
  }
  return [...names].sort();
}

function symbol(name) {
  const svg = readFileSync(join(outlines, `${name}.svg`), "utf8");
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const paths = body.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`;
}

if (!existsSync(outlines)) {
  console.error("node_modules is missing: run `npm ci` first.");
  process.exit(1);
}
rmSync(build, { recursive: true, force: true });
mkdirSync(build, { recursive: true });
for (const [name, from] of Object.entries(COPIES)) {
  const target = join(build, name);
  if (name.endsWith(".css")) writeFileSync(target, readFileSync(join(modules, from), "utf8").replace(/\/\*# sourceMappingURL.*\*\//, ""));
  else copyFileSync(join(modules, from), target);
}
const names = iconNames();
writeFileSync(join(build, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${names.map(symbol).join("\n")}\n</svg>\n`);
console.log(`static/build: ${Object.keys(COPIES).length} files and ${names.length} icons`);
