// Measures how long the page needs until its first picture, and for a frame of zooming and panning.
//
//     npm run bench [-- PAGE.html …]     without pages: a million samples, 60 processes and 100,000 calls

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL("..", import.meta.url));
await build({
  absWorkingDir: folder,
  entryPoints: ["test/browser/frames.ts"],
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node18",
  format: "esm",
  outfile: "build/frames.mjs",
  logLevel: "warning",
});
const done = spawnSync(process.execPath, ["build/frames.mjs", ...process.argv.slice(2)], {
  cwd: folder,
  stdio: "inherit",
});
process.exit(done.status ?? 1);
