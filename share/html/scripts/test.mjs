// Runs the tests of a folder with node's own runner: `test`, or `test/browser` with the argument `browser`.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL("..", import.meta.url));
const part = process.argv[2] === "browser" ? "test/browser" : "test";
const names = readdirSync(`${folder}/${part}`).filter((name) => name.endsWith("_test.ts"));

await build({
  absWorkingDir: folder,
  entryPoints: names.map((name) => `${part}/${name}`),
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node18",
  format: "esm",
  outdir: `build/${part}`,
  outExtension: { ".js": ".mjs" },
  sourcemap: "inline",
  logLevel: "warning",
});
const files = names.map((name) => `${folder}/build/${part}/${name.replace(/\.ts$/, ".mjs")}`);
const done = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], {
  cwd: folder,
  stdio: "inherit",
});
process.exit(done.status ?? 1);
