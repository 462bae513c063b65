// Opens pages with samples in a real Chromium.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { fill_page, to_text } from "../encode.ts";
import { bytes_of, type Sample } from "../samples.ts";

export const OUTPUT = process.env.MPROFPP_PAGE_OUTPUT ?? "build/pages";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function chromium_path(): string | undefined {
  return process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));
}

/** Starts Chromium. Its sandbox does not work for root, as whom tests run in containers. Keys scroll at once:
 * an animation takes as long as the machine is busy, and a key pressed meanwhile may get lost. */
export function start(): Promise<Browser> {
  const args = ["--disable-gpu", "--disable-smooth-scrolling"];
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  return chromium.launch({ executablePath: chromium_path()!, args });
}

/** Writes the page of a sample, and returns its address. */
export function write_page(name: string, sample: Sample): string {
  return write_text(name, sample.recording.title, to_text(bytes_of(sample)));
}

export function write_text(name: string, title: string, text: string): string {
  mkdirSync(OUTPUT, { recursive: true });
  const template = readFileSync("dist/page.html", "utf8");
  writeFileSync(`${OUTPUT}/${name}.html`, fill_page(template, title, text));
  return pathToFileURL(`${OUTPUT}/${name}.html`).href;
}

export interface Opened {
  page: Page;
  /** What the page wrote to the console, and its errors. */
  console: string[];
  /** Addresses that it asked for, except its own. */
  requests: string[];
}

export interface OpenOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  touch?: boolean;
}

export async function open(browser: Browser, address: string, options: OpenOptions = {}): Promise<Opened> {
  const { width = 1400, height = 900, dark, touch } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    hasTouch: touch === true,
  });
  const page = await context.newPage();
  const opened: Opened = { page, console: [], requests: [] };
  page.on("console", (message) => opened.console.push(message.text()));
  page.on("pageerror", (problem) => opened.console.push(String(problem)));
  page.on("request", (request) => {
    if (!request.url().startsWith(address.split("#")[0]!)) opened.requests.push(request.url());
  });
  await page.goto(address);
  await page.waitForFunction(() => {
    const message = document.getElementById("message")!;
    return message.hidden || !/^Reading|JavaScript/.test(message.textContent!);
  });
  return opened;
}
