// Prints medians of the times that frames take in Chromium, without a graphics card.

import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { large, server } from "../samples.ts";
import { open, start, write_page } from "./pages.ts";

const FRAMES = 150;
const browser = await start();
const given = process.argv.slice(2);
const pages: [string, string][] =
  given.length > 0
    ? given.map((path) => [path, pathToFileURL(path).href])
    : [
        ["server", write_page("server", server())],
        ["1,000,000 samples", write_page("samples", large(1_000_000, 1, 0))],
        ["60 processes, 100,000 calls", write_page("calls", large(20_000, 60, 100_000))],
        ["both", write_page("both", large(1_000_000, 60, 100_000))],
      ];
for (const [name, address] of pages) {
  const { page } = await open(browser, address);
  const paint = await page.evaluate(
    () => performance.getEntriesByName("page is shown")[0]?.startTime ?? Number.NaN,
  );
  await page.mouse.move(400, 400);
  const figures = [
    `shown after ${paint.toFixed(0)} ms`,
    `zoom ${await frames(page, "zoom")}`,
    `pan ${await frames(page, "pan")}`,
    `crosshair ${await frames(page, "move")}`,
  ];
  console.log(`${name}: ${figures.join(", ")}`);
  await page.context().close();
}
await browser.close();

/** Returns the median and the 95th percentile of the times that frames take. The script of each is
 * measured on the main thread; painting is measured by reading a pixel back, which waits until the
 * canvas is drawn. */
async function frames(page: Page, what: "zoom" | "pan" | "move"): Promise<string> {
  const times = await page.evaluate(measure, [what, FRAMES] as const);
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]!.toFixed(1);
  return `${at(0.5)} ms (95 %: ${at(0.95)})`;
}

/** Runs in the page. */
async function measure([kind, count]: readonly ["zoom" | "pan" | "move", number]): Promise<number[]> {
  const chart = document.getElementById("chart")!;
  const box = chart.getBoundingClientRect();
  const canvases = [...document.querySelectorAll("canvas")].map((canvas) => canvas.getContext("2d")!);
  const events = {
    zoom: (place: object, side: number) => new WheelEvent("wheel", { ...place, deltaY: -25 * side }),
    pan: (place: object, side: number) => new WheelEvent("wheel", { ...place, deltaX: 15 * side }),
    move: (place: object) => new PointerEvent("pointermove", place),
  };
  if (kind === "pan") {
    chart.dispatchEvent(new WheelEvent("wheel", { deltaY: -400, clientX: box.left + 300, cancelable: true }));
  }
  const found: number[] = [];
  for (let i = 0; i < count; ++i) {
    const place = { clientX: box.left + 200 + (i % 300), clientY: box.top + 100, cancelable: true };
    let begin = 0;
    requestAnimationFrame(() => {
      begin = performance.now();
    });
    const dispatched = performance.now();
    // the page asks for a callback too, which runs between the two of this function
    chart.dispatchEvent(events[kind](place, i % 60 < 30 ? 1 : -1));
    const handled = performance.now() - dispatched;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    for (const canvas of canvases) canvas.getImageData(0, 0, 1, 1);
    found.push(handled + performance.now() - begin);
  }
  return found;
}
