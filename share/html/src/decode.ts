// From the text in the page to a recording: base64, deflate, the JSON, and the arrays behind it.

import { Arrays, Damaged } from "./bytes.ts";
import type { Recording } from "./recording.ts";

export interface Decoded {
  recording: Recording;
  arrays: Arrays;
}

/** Decodes the text of the page's data element. Throws Damaged, or what the browser reports. */
export async function decode(text: string): Promise<Decoded> {
  return split(await inflate(from_base64(text.trim())));
}

export function from_base64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Splits the bytes into the recording, whose length is in the first four bytes, and its arrays. */
export function split(bytes: Uint8Array): Decoded {
  if (bytes.length < 4) throw new Damaged("it is empty");
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  if (4 + length > bytes.length) throw new Damaged("it is cut");
  const json = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  const recording = JSON.parse(json, (_, value) =>
    typeof value === "string" ? visible(value) : value,
  ) as Recording;
  if (recording.format !== 1) throw new Damaged(`its format is ${recording.format}, and this page reads 1`);
  return { recording, arrays: new Arrays(bytes.subarray(4 + length)) };
}

/** Characters that are not seen or that change the order of others. Tabs are part of sources. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are replaced
const INVISIBLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Returns a text with a visible sign for each invisible character: ␛ for escape. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (letter) => {
    const code = letter.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code) : code === 127 ? "\u2421" : "\ufffd";
  });
}
