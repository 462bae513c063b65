// Pages that mprofpp wrote. MPROFPP_PAGES has their paths, separated by colons.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { chromium_path, OUTPUT, open, start } from "./pages.ts";

const paths = (process.env.MPROFPP_PAGES ?? "").split(":").filter(Boolean);
const skip =
  chromium_path() === undefined ? "needs Chromium" : paths.length === 0 ? "MPROFPP_PAGES is empty" : false;
const WIDTHS = [1400, 800, 390];
let browser: Browser;

before(async () => {
  if (!skip) browser = await start();
});

after(async () => {
  await browser?.close();
});

for (const path of paths) {
  const name = basename(path, ".html");
  test(`the page of ${name} is shown at every width, light and dark, and survives zooming`, {
    skip,
  }, async () => {
    for (const width of WIDTHS) {
      for (const dark of [false, true]) {
        const opened = await open(browser, pathToFileURL(path).href, { width, dark });
        const { page } = opened;
        assert.ok((await page.locator("h1").innerText()).length > 0);
        const box = (await page.locator("#chart").boundingBox())!;
        await page.mouse.move(box.x + 0.6 * box.width, box.y + box.height / 2);
        await page.screenshot({
          path: `${OUTPUT}/${name}-${width}-${dark ? "dark" : "light"}.png`,
          fullPage: width < 1000,
        });
        for (const delta of [-500, -500, -2000, 800]) await page.mouse.wheel(0, delta);
        await page.keyboard.press("p");
        await page.keyboard.press("0");
        await page.waitForFunction(() => location.hash === "");
        assert.deepEqual(opened.console, []);
        assert.deepEqual(opened.requests, []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        await page.context().close();
      }
    }
  });
}
