// Builds dist/page.html: one file with the script and the style in it, and a policy that allows only
// these two.

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** Bundles the page. Returns its script and its style. */
async function bundle() {
  const licence = await readFile(`${folder}/node_modules/uplot/LICENSE`, "utf8");
  const result = await build({
    absWorkingDir: folder,
    entryPoints: ["src/main.ts"],
    bundle: true,
    minify: true,
    write: false,
    outdir: "dist",
    format: "iife",
    target: ["chrome111", "firefox113", "safari16.4"],
    charset: "ascii",
    legalComments: "none",
    banner: { js: `/* This page contains uPlot.\n${licence.trim()} */` },
    logLevel: "warning",
  });
  const text = (end) => result.outputFiles.find(({ path }) => path.endsWith(end)).text;
  return { script: text(".js").trim(), style: text(".css").trim() };
}

function hash_of(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Replaces each placeholder once. A function as the replacement keeps `$` in it as it is. */
function fill(template, values) {
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`@${name}@`, () => value),
    template,
  );
}

const { script, style } = await bundle();
for (const end of ["</script", "<!--"]) {
  if (script.includes(end)) throw new Error(`the script contains ${end}, which would end its element`);
}
const policy = [
  "default-src 'none'",
  `script-src ${hash_of(script)}`,
  `style-src ${hash_of(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");
const template = await readFile(`${folder}/src/page.html`, "utf8");
const page = fill(template, { POLICY: policy, STYLE: style, SCRIPT: script });
await mkdir(`${folder}/dist`, { recursive: true });
await writeFile(`${folder}/dist/page.html`, page);
console.log(`dist/page.html: ${(page.length / 1024).toFixed(0)} KiB`);
