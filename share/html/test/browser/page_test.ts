// The page in a real Chromium, opened from disk.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { to_text } from "../encode.ts";
import { bytes_of, empty, HOSTILE, hostile, server, tasks } from "../samples.ts";
import {
  chromium_path,
  type Opened,
  type OpenOptions,
  OUTPUT,
  open,
  start,
  write_page,
  write_text,
} from "./pages.ts";

const skip = chromium_path() === undefined ? "needs Chromium" : false;
let browser: Browser;
let address = "";

before(async () => {
  if (skip) return;
  browser = await start();
  address = write_page("server", server());
});

after(async () => {
  await browser?.close();
});

/** Opens a page, runs the steps, and checks that the console stayed clean and nothing was asked from a
 * network. */
async function with_page(
  where: string,
  steps: (page: Page, opened: Opened) => Promise<void>,
  options?: OpenOptions,
) {
  const opened = await open(browser, where, options);
  await steps(opened.page, opened);
  assert.deepEqual(opened.console, []);
  assert.deepEqual(opened.requests, []);
  await opened.page.context().close();
}

function picture(page: Page, name: string, whole = false): Promise<Buffer> {
  return page.screenshot({ path: `${OUTPUT}/${name}.png`, fullPage: whole });
}

/** Waits until the hash matches. The page writes it a moment after the last change. */
async function hash_matching(page: Page, pattern: RegExp): Promise<string> {
  await page.waitForFunction((source) => new RegExp(source).test(location.hash), pattern.source);
  return page.evaluate(() => location.hash);
}

function window_of(hash: string): [number, number] {
  const match = /t=([\d.]+),([\d.]+)/.exec(hash)!;
  return [Number(match[1]), Number(match[2])];
}

/** Returns a point of an element, as shares of its width and height. */
async function point(page: Page, selector: string, x: number, y: number): Promise<[number, number]> {
  const box = (await page.locator(selector).boundingBox())!;
  return [box.x + box.width * x, box.y + box.height * y];
}

/** Returns where the middle of a call is on the screen, whose lane is the only one of process `row`. */
async function place_of(page: Page, seconds: number, from_top: number): Promise<[number, number]> {
  const box = (await page.locator("#lanes").boundingBox())!;
  const [left, right] = [84, 14];
  return [box.x + left + ((box.width - left - right) * seconds) / 10, box.y + from_top];
}

/** The first call of views.search in worker 101: below the row and the lane of the master. */
const FIRST_CALL = 22 + 37 + 22 + 8;

test("the page opens from disk with its figures, and its console is clean", { skip }, () =>
  with_page(address, async (page) => {
    assert.match(await page.locator("#header").innerText(), /gunicorn -w 2 shop:app/);
    assert.match(await page.locator("#header").innerText(), /peak 211\.8 MiB at 7\.3 s/);
    assert.match(await page.locator("#header").innerText(), /lost 3 ticks/);
    assert.equal(await page.title(), "gunicorn -w 2 shop:app");
    const rows = page.locator("#tables tbody tr");
    assert.equal(await rows.count(), 4);
    assert.match(await rows.first().innerText(), /total\s+(only)?\s*211\.8 MiB/);
    await picture(page, "1400-light");
  }),
);

test("dragging over the chart zooms, and a double click goes back", { skip }, () =>
  with_page(address, async (page) => {
    await page.mouse.move(...(await point(page, "#chart", 0.3, 0.5)));
    await page.mouse.down();
    await page.mouse.move(...(await point(page, "#chart", 0.6, 0.5)), { steps: 4 });
    assert.ok(await page.locator("#selection").isVisible());
    await page.mouse.up();
    const [from, to] = window_of(await hash_matching(page, /t=/));
    assert.ok(from > 1.5 && from < 3 && to > 5 && to < 6.5, `${from} to ${to}`);
    await page.locator(".about", { hasText: "Visible window" }).waitFor();
    await page.mouse.dblclick(...(await point(page, "#chart", 0.5, 0.5)));
    await hash_matching(page, /^$/);
  }),
);

test("the wheel zooms around the pointer", { skip }, () =>
  with_page(address, async (page) => {
    await page.mouse.move(...(await point(page, "#chart", 0.5, 0.5)));
    await page.mouse.wheel(0, -400);
    const [from, to] = window_of(await hash_matching(page, /t=/));
    assert.ok(from > 0 && to < 10 && from < 4.6 && to > 4.6);
  }),
);

test("the brush of the overview moves the window", { skip }, () =>
  with_page(`${address}#t=2,4`, async (page) => {
    await page.mouse.move(...(await point(page, ".brush", 0.5, 0.5)));
    await page.mouse.down();
    await page.mouse.move(...(await point(page, "#overview", 0.8, 0.5)), { steps: 3 });
    await page.mouse.up();
    const [from, to] = window_of(await hash_matching(page, /t=[5-9]/));
    assert.ok(Math.abs(to - from - 2) < 0.01);
  }),
);

test("the crosshair has the value of every curve", { skip }, () =>
  with_page(address, async (page) => {
    await page.mouse.move(...(await point(page, "#chart", 0.5, 0.5)));
    const box = page.locator("#readout");
    await box.waitFor();
    const text = await box.innerText();
    for (const name of ["total", "total in PSS", "worker 101", "worker 102", "master 100"])
      assert.match(text, new RegExp(name));
    assert.match(
      await page.locator("#tables tbody tr").nth(1).innerText(),
      /30\.0 MiB\s+30\.0 MiB\s+30\.0 MiB/,
    );
    await picture(page, "crosshair");
  }),
);

test("a call shows its details under the pointer, and a click zooms to it", { skip }, () =>
  with_page(address, async (page) => {
    await page.mouse.move(...(await place_of(page, 2.7, FIRST_CALL)));
    const box = page.locator("#readout");
    await box.waitFor();
    const text = await box.innerText();
    for (const part of [
      /views\.search/,
      /worker 101/,
      /duration\s+400 ms/,
      /before\s+46\.0 MiB/,
      /after\s+47\.0 MiB/,
      /growth\s+\+1\.0 MiB/,
    ]) {
      assert.match(text, part);
    }
    await picture(page, "call");
    await page.mouse.click(...(await place_of(page, 2.7, FIRST_CALL)));
    const [from, to] = window_of(await hash_matching(page, /t=/));
    assert.ok(from > 2.4 && from < 2.5 && to > 2.9 && to < 3, `${from} to ${to}`);
  }),
);

test("a process can be hidden, shown alone and shown again", { skip }, () =>
  with_page(address, async (page) => {
    await page.getByRole("button", { name: "Show worker 102", exact: true }).click();
    await hash_matching(page, /hide=2/);
    await page.getByRole("button", { name: "Show only worker 101", exact: true }).click();
    await hash_matching(page, /hide=0,2&total=hidden/);
    await picture(page, "alone");
    await page.getByRole("button", { name: "Show only worker 101", exact: true }).click();
    await hash_matching(page, /^$/);
  }),
);

test("the name of a process folds its lanes", { skip }, () =>
  with_page(address, async (page) => {
    await page.mouse.click(...(await place_of(page, 5, 22 + 37 + 10)));
    await hash_matching(page, /fold=1/);
    await picture(page, "folded");
  }),
);

test("the search finds by name, and says if there is nothing", { skip }, () =>
  with_page(address, async (page) => {
    const search = page.getByRole("searchbox");
    await search.fill("WORK 102");
    await page.waitForFunction(() => document.querySelectorAll("#tables tbody tr").length === 1);
    await search.fill("nothing like this");
    await page.getByText("Nothing matches").waitFor();
  }),
);

test("a column sorts by a click, and reverses by the next", { skip }, () =>
  with_page(address, async (page) => {
    const names = () => page.locator("#tables tbody th").allInnerTexts();
    const head = page.getByRole("button", { name: "Peak", exact: true });
    await head.click();
    await hash_matching(page, /sort\.processes=-peak/);
    assert.match((await names())[0]!, /total/);
    assert.match((await names())[1]!, /101/);
    await head.click();
    await hash_matching(page, /sort\.processes=peak/);
    assert.match((await names())[1]!, /100/);
  }),
);

test("a selected function highlights its calls", { skip }, () =>
  with_page(`${address}#tab=functions`, async (page) => {
    const before = await page.locator(".lanes_canvas").screenshot();
    await page.getByRole("button", { name: "load" }).click();
    await hash_matching(page, /function=models\.load/);
    assert.notDeepEqual(await page.locator(".lanes_canvas").screenshot(), before);
    await picture(page, "selected");
  }),
);

test("figures of a window that the page cannot compute exactly say so", { skip }, async () => {
  const sample = server();
  sample.recording.calls_complete = false;
  sample.recording.lanes[1]!.left_out = 1234;
  await with_page(`${write_page("incomplete", sample)}#t=2,4&tab=functions`, async (page) => {
    assert.match(await page.locator("#tables").innerText(), /≥8\t/);
    assert.match(await page.locator("#tables").innerText(), /does not hold every call/);
    await page.getByRole("tab", { name: "losses" }).click();
    await page.getByText("1,234").waitFor();
  });
});

test("a link shows the same view again", { skip }, () =>
  with_page(
    `${address}#t=2,6&hide=0&tab=functions&function=models.load&colouring=growth&theme=dark&axis=fit`,
    async (page) => {
      const first = await page.screenshot();
      await page.mouse.move(...(await point(page, "#chart", 0.5, 0.5)));
      await page.mouse.wheel(0, -200);
      await page.mouse.wheel(0, 1e-9);
      const hash = await hash_matching(page, /t=(?!2,6)/);
      assert.match(
        hash,
        /hide=0.*tab=functions.*colouring=growth.*theme=dark.*axis=fit.*function=models\.load/,
      );
      await with_page(
        `${address}#t=2,6&hide=0&tab=functions&function=models.load&colouring=growth&theme=dark&axis=fit`,
        async (again) => {
          assert.deepEqual(await again.screenshot(), first);
        },
      );
    },
  ),
);

test("changing the hash changes the view", { skip }, () =>
  with_page(address, async (page) => {
    await page.evaluate(() => {
      location.hash = "#t=3,4&tab=marks";
    });
    await page.locator(".about", { hasText: "3.00 to 4.00 s" }).waitFor();
    await page.getByRole("button", { name: "deployed" }).waitFor();
  }),
);

test("dark is that of the system, and can be switched", { skip }, () =>
  with_page(
    address,
    async (page) => {
      const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      assert.equal(await paper(), "rgb(20, 24, 29)");
      await picture(page, "1400-dark");
      await page.getByRole("combobox", { name: "Theme" }).selectOption("light");
      await hash_matching(page, /theme=light/);
      assert.equal(await paper(), "rgb(255, 255, 255)");
    },
    { dark: true },
  ),
);

test("the page works with the keyboard only", { skip }, () =>
  with_page(address, async (page) => {
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys and gestures" }).waitFor();
    await picture(page, "keys");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("+");
    await hash_matching(page, /t=2,8/);
    await page.keyboard.press("ArrowRight");
    await hash_matching(page, /t=2\.9,8\.9/);
    await page.keyboard.press("Backspace");
    await page.keyboard.press("0");
    await hash_matching(page, /^$/);
    await page.keyboard.press("n");
    await page.locator("#readout", { hasText: "4.0 s" }).waitFor();
    await page.keyboard.press("2");
    await hash_matching(page, /tab=functions/);
    await page.keyboard.press("/");
    await page.keyboard.type("load");
    await hash_matching(page, /query=load/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await hash_matching(page, /^#tab=functions$/);
  }),
);

test("the arrow keys walk from call to call, and Enter zooms", { skip }, () =>
  with_page(address, async (page) => {
    await page.locator("#lanes").focus();
    for (const key of ["ArrowRight", "ArrowLeft", "ArrowDown"]) await page.keyboard.press(key);
    await page.locator("#readout", { hasText: "models.load" }).waitFor();
    assert.match(await page.locator("#announcer").innerText(), /models\.load, process worker 101/);
    await page.keyboard.press("ArrowUp");
    await page.locator("#readout", { hasText: "views.search" }).waitFor();
    await page.keyboard.press("Enter");
    await hash_matching(page, /t=/);
  }),
);

test("controls of the toolbar keep the focus of the keyboard", { skip }, () =>
  with_page(address, async (page) => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    const legend = page.getByRole("group", { name: "Curves" }).getByRole("button");
    const pressed = { legend: legend.nth(1), fit: page.getByRole("button", { name: "fit" }) };
    for (const control of Object.values(pressed)) {
      await control.focus();
      const [name, was] = [await focused(), await control.getAttribute("aria-pressed")];
      await page.keyboard.press("Space");
      await page.waitForFunction((old) => document.activeElement?.getAttribute("aria-pressed") !== old, was);
      assert.equal(await focused(), name);
    }
    await page.keyboard.press("w");
    await page.getByRole("button", { name: "whole" }).focus();
    await page.keyboard.press("Enter");
    await page.locator('[aria-disabled="true"]', { hasText: "whole" }).waitFor();
    assert.equal(await focused(), "whole");
  }),
);

test("the crosshair of the keyboard is announced", { skip }, () =>
  with_page(address, async (page) => {
    await page.keyboard.press(".");
    await page
      .locator("#announcer", { hasText: /^5\.0 s, total 138\.\d MiB$/ })
      .waitFor({ state: "attached" });
  }),
);

test("the key that opens the list of keys closes it", { skip }, () =>
  with_page(address, async (page) => {
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }),
);

test("Escape in the search ends the search", { skip }, () =>
  with_page(address, async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("worker");
    await hash_matching(page, /query=worker/);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => location.hash === "");
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
  }),
);

test("keys scroll a page that is longer than the screen", { skip }, () =>
  with_page(
    `${address}#t=2,4`,
    async (page) => {
      await page.keyboard.press("PageDown");
      await page.waitForFunction(() => scrollY > 100);
      await page.keyboard.press("Home");
      await page.waitForFunction(() => scrollY === 0);
      assert.match(await page.evaluate(() => location.hash), /t=2,4/);
    },
    { width: 390, height: 700 },
  ),
);

test("entries of the legend keep their pids", { skip }, async () => {
  const sample = server();
  for (const process of sample.recording.processes)
    process.label = `${"a long name ".repeat(9)}${process.pid}`;
  await with_page(write_page("legend", sample), async (page) => {
    for (const pid of ["100", "101", "102"]) {
      const entry = page.locator(".entry", { hasText: pid });
      const [outer, inner] = [await entry.boundingBox(), await entry.locator(".entry_pid").boundingBox()];
      assert.ok(inner!.x + inner!.width <= outer!.x + outer!.width, `${pid} is cut`);
    }
  });
});

test("every control can be reached and has a name", { skip }, () =>
  with_page(address, async (page) => {
    const nameless = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>("button, input, select, [tabindex]")];
      return all.filter((one) => !(one.getAttribute("aria-label") ?? one.textContent ?? "").trim()).length;
    });
    assert.equal(nameless, 0);
    for (const tab of ["processes", "functions", "marks", "leak", "lines", "values", "losses"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.getByRole("tabpanel", { name: tab }).waitFor();
    }
    await page.getByRole("tab", { name: "values" }).click();
    await page.getByRole("tabpanel", { name: "values" }).waitFor();
    assert.equal(await page.getByRole("table", { name: "Total memory" }).getByRole("row").count(), 25);
  }),
);

test("text has a contrast of 4.5 or more in both themes", { skip }, async () => {
  for (const dark of [false, true]) {
    await with_page(
      address,
      async (page) => {
        const style = await page.evaluate(() => {
          const all = getComputedStyle(document.documentElement);
          return Object.fromEntries(
            ["ink", "muted", "alarm", "paper", "raised"].map((name) => [
              name,
              all.getPropertyValue(`--${name}`).trim(),
            ]),
          );
        });
        for (const text of ["ink", "muted", "alarm"]) {
          for (const ground of ["paper", "raised"]) {
            assert.ok(
              contrast(style[text]!, style[ground]!) >= 4.5,
              `${text} on ${ground}: ${contrast(style[text]!, style[ground]!)}`,
            );
          }
        }
      },
      { dark },
    );
  }
});

function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const linear = [1, 3, 5].map((at) => {
      const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

test("a page of 390 pixels needs no sideways scrolling", { skip }, () =>
  with_page(
    address,
    async (page) => {
      await picture(page, "390-light", true);
      for (const tab of ["processes", "functions", "leak", "lines", "losses"]) {
        await page.getByRole("tab", { name: tab }).click();
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, tab);
      }
    },
    { width: 390, height: 844, touch: true },
  ),
);

test("a tap shows the values there until another one elsewhere", { skip }, () =>
  with_page(
    address,
    async (page) => {
      await page.touchscreen.tap(...(await point(page, "#chart", 0.5, 0.5)));
      await page.locator("#readout", { hasText: "worker 101" }).waitFor();
      await page.touchscreen.tap(...(await point(page, "#header", 0.5, 0.5)));
      await page.locator("#readout").waitFor({ state: "hidden" });
    },
    { width: 390, height: 844, touch: true },
  ),
);

test("two fingers zoom and one moves", { skip }, () =>
  with_page(
    address,
    async (page) => {
      const session = await page.context().newCDPSession(page);
      const [left, y] = await point(page, "#chart", 0.4, 0.5);
      const [right] = await point(page, "#chart", 0.6, 0.5);
      const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...xs: number[]) =>
        session.send("Input.dispatchTouchEvent", { type, touchPoints: xs.map((x, id) => ({ x, y, id })) });
      await touch("touchStart", left, right);
      await touch("touchMove", left - 60, right + 60);
      await touch("touchEnd");
      const [from, to] = window_of(await hash_matching(page, /t=/));
      assert.ok(to - from < 6, `${from} to ${to}`);
      await touch("touchStart", right);
      await touch("touchMove", right - 20);
      await touch("touchMove", right - 80);
      await touch("touchEnd");
      await page.waitForFunction(
        (before) => Number(/t=([\d.]+)/.exec(location.hash)?.[1]) > before + 0.5,
        from,
      );
    },
    { width: 390, height: 844, touch: true },
  ),
);

test("everything that a finger can press is at least 24 pixels wide and high", { skip }, () =>
  with_page(
    address,
    async (page) => {
      for (const tab of ["processes", "functions", "marks", "leak", "losses"]) {
        await page.getByRole("tab", { name: tab }).click();
        const small = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>("button, select, input, .edge")]
            .map((one) => ({ name: one.className + one.textContent, box: one.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
            .map(({ name }) => name),
        );
        assert.deepEqual(small, [], tab);
      }
    },
    { width: 390, height: 844, touch: true },
  ),
);

test("the box with the values covers neither the pointer nor leaves the screen", { skip }, () =>
  with_page(
    address,
    async (page) => {
      for (const x of [0.2, 0.5, 0.8, 0.95]) {
        for (const y of [0.1, 0.5, 0.95]) {
          const [left, top] = await point(page, "#chart", x, y);
          await page.mouse.move(left, top);
          await page.locator("#readout").waitFor();
          await page.waitForTimeout(30);
          const box = (await page.locator("#readout").boundingBox())!;
          const covers =
            left >= box.x && left <= box.x + box.width && top >= box.y && top <= box.y + box.height;
          assert.ok(!covers, `${x} ${y}: the box is on the pointer`);
          assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y >= 0, `${x} ${y}: outside`);
        }
      }
    },
    { width: 390, height: 844 },
  ),
);

test("a double click on a name shows only that curve, and again all", { skip }, () =>
  with_page(address, async (page) => {
    const entry = page.getByRole("group", { name: "Curves" }).getByRole("button", { name: "worker 101" });
    await entry.dblclick();
    await hash_matching(page, /hide=0,2&total=hidden/);
    await entry.dblclick();
    await hash_matching(page, /^$/);
  }),
);

test("more tasks than fit are one row until they are asked for", { skip }, async () => {
  await with_page(write_page("tasks", tasks(500, 1)), async (page) => {
    assert.match(await page.locator("#header").innerText(), /9,001 processes/);
    const height = () => page.evaluate(() => document.getElementById("lanes")!.scrollHeight);
    const before = await height();
    assert.ok(before < 700, `${before} pixels`);
    await page.locator("#lanes").hover();
    await page.evaluate(() => document.getElementById("lanes")!.scrollTo(0, 1e6));
    await picture(page, "tasks");
    const box = (await page.locator("#lanes").boundingBox())!;
    await page.mouse.click(box.x + 200, box.y + box.height - 16);
    await hash_matching(page, /all=1/);
    assert.ok((await height()) > 2000);
  });
});

test("a row of calls can be thin, hidden and shown again, with the mouse and with keys", { skip }, () =>
  with_page(address, async (page) => {
    const [x, y] = await place_of(page, 0, FIRST_CALL);
    await page.mouse.click(x - 60, y);
    await hash_matching(page, /thin=1/);
    // the chart has grown
    const [, moved] = await place_of(page, 0, FIRST_CALL);
    await page.mouse.click(x - 60, moved - 4);
    await hash_matching(page, /^$/);
    await page.locator("#lanes").focus();
    await page.mouse.move(5, 5);
    await page.keyboard.press("ArrowRight");
    await page.locator("#readout", { hasText: "views.search" }).waitFor();
    await page.keyboard.press("f");
    await hash_matching(page, /fold=1/);
    await page.keyboard.press("f");
    await page.keyboard.press("h");
    await hash_matching(page, /without=1/);
    await page.keyboard.press("v");
    await hash_matching(page, /^$/);
  }),
);

test("a level without floors can be shown, too", { skip }, async () => {
  const sample = server();
  sample.recording.leak = { ...sample.recording.leak!, floors: [], line: null, level_mib: 70 };
  await with_page(write_page("level", sample), async (page) => {
    await page.getByRole("button", { name: "leak", exact: true }).waitFor();
  });
});

test("paper has all names and rows, and nothing to press", { skip }, async () => {
  const sample = tasks(60, 40);
  await with_page(write_page("paper", sample), async (page) => {
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".entry:visible").count(), 42);
    assert.match(await page.locator(".legend").innerText(), /\+8,961 more/);
    assert.equal(await page.locator(".more:visible, .switches:visible, .only:visible").count(), 0);
    assert.ok((await page.locator(".paper_lanes").count()) >= 2);
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  });
});

test("paper has the pictures and every table", { skip }, () =>
  with_page(
    address,
    async (page) => {
      const pdf = await page.pdf({ printBackground: true, preferCSSPageSize: true });
      writeFileSync(`${OUTPUT}/paper.pdf`, pdf);
      assert.ok(pdf.length > 20_000);
      assert.equal(await page.locator(".for_paper").count(), 0);
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    },
    { dark: true },
  ),
);

test("hostile text in a recording is text", { skip }, async () => {
  const sample = hostile();
  const hash = `#function=${encodeURIComponent(HOSTILE[0]!)}&query=${encodeURIComponent(HOSTILE[1]!)}`;
  for (const [i, tab] of ["processes", "functions", "marks", "leak", "lines", "losses"].entries()) {
    await with_page(`${write_page("hostile", sample)}#tab=${tab}`, async (page) => {
      assert.equal(await page.locator("h1").innerText(), HOSTILE[0]);
      await page.mouse.move(...(await place_of(page, 2.7, FIRST_CALL)));
      await is_unharmed(page);
      if (i === 0) await picture(page, "hostile");
    });
  }
  await with_page(`${address}${hash}`, is_unharmed);
});

test("hostile text in the hash is text", { skip }, async () => {
  const keys = ["query", "function", "tab", "theme", "metric", "sort.processes", "t", "hide", "fold"];
  for (const text of [...HOSTILE, "constructor", "__proto__"]) {
    const parts = keys.map((key) => `${key}=${encodeURIComponent(text.slice(0, 500))}`);
    await with_page(`${address}#${parts.join("&")}&${text.slice(0, 100)}`, is_unharmed);
  }
});

/** Fails if a text of HOSTILE ran, loaded, or changed the style or the structure of the page. */
async function is_unharmed(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    attacked: (window as unknown as { attacked?: number }).attacked,
    foreign: document.querySelectorAll("img, svg, template, style:not(head style), #page script, [onerror]")
      .length,
    scripts: document.scripts.length,
    styles: document.styleSheets.length,
    display: getComputedStyle(document.body).display,
  }));
  assert.deepEqual(found, { attacked: undefined, foreign: 0, scripts: 2, styles: 1, display: "block" });
}

test("the policy of the page refuses a script and a style of anybody else", { skip }, async () => {
  const opened = await open(browser, address);
  const ran = await opened.page.evaluate(() => {
    const script = document.createElement("script");
    try {
      script.textContent = "window.attacked = 9";
    } catch {
      return "refused";
    }
    document.body.append(script);
    return (window as unknown as { attacked?: number }).attacked ?? "refused";
  });
  assert.equal(ran, "refused");
  await opened.page.context().close();
});

test("a recording without samples is one clear sentence", { skip }, () =>
  with_page(write_page("empty", empty()), async (page) => {
    assert.match(await page.locator("#message").innerText(), /no sample to show in empty\.dat/);
    assert.equal(await page.locator("#page").isVisible(), false);
  }),
);

test("a damaged recording is one clear sentence", { skip }, async () => {
  const text = to_text(bytes_of(server()));
  const damaged = [text.slice(0, 500), "not base64!", "", to_text(bytes_of(server()).subarray(0, 300))];
  for (const [i, one] of damaged.entries()) {
    await with_page(write_text(`damaged-${i}`, "damaged", one), async (page) => {
      assert.match(await page.locator("#message").innerText(), /cannot be read: .+\. Make the page again/);
    });
  }
});

test("a browser without DecompressionStream shows what to use", { skip }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => Reflect.deleteProperty(window, "DecompressionStream"));
  await page.goto(address);
  await page.getByText("too old for this page").waitFor();
  await context.close();
});

test("a browser without JavaScript shows what to use", { skip }, async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByText("JavaScript, which does not run").waitFor();
  await context.close();
});
