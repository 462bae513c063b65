// Reads the recording that is in the page, and shows it.

import "uplot/dist/uPlot.min.css";
import "./theme.css";
import { App } from "./app.ts";
import { decode } from "./decode.ts";
import { by_id } from "./dom.ts";
import { Model } from "./model.ts";
import { apply_theme } from "./theme.ts";

function say(text: string): void {
  const message = by_id("message");
  message.textContent = text;
  message.classList.remove("is_late");
}

async function main(): Promise<void> {
  apply_theme("auto");
  say("Reading the recording …");
  if (typeof DecompressionStream === "undefined" || !CSS.supports("color", "color-mix(in srgb, red, blue)")) {
    say(
      "This browser is too old for this page: it needs Chrome 111, Firefox 113, Safari 16.4 or later. " +
        "mprofpp plot -o x.svg draws a picture that every browser shows.",
    );
    return;
  }
  const text = by_id("recording").textContent ?? "";
  let model: Model;
  try {
    model = new Model(await decode(text));
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    say(
      `The recording in this page cannot be read: ${reason}. ` +
        "Make the page again with mprofpp plot -o x.html.",
    );
    return;
  }
  if (!model.has_samples) {
    say(`There is no sample to show in ${model.recording.file || "this recording"}. ${why_empty(model)}`);
    return;
  }
  by_id("message").hidden = true;
  by_id("page").hidden = false;
  new App(model).start();
  performance.mark("page is shown");
}

function why_empty({ recording }: Model): string {
  if (recording.window) return "Make the page with a wider window (-w), or without one.";
  return (
    "The program ended before its first reading, or the file was cut: " +
    "mprofpp run -T 10ms samples more often."
  );
}

main().catch((problem: unknown) => {
  by_id("page").hidden = true;
  by_id("message").hidden = false;
  say(`This page failed: ${problem instanceof Error ? problem.message : String(problem)}.`);
  throw problem;
});
