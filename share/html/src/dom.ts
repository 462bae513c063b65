// Makes elements. Text goes into text nodes only, so that nothing of a recording can become markup.

type Child = Node | string | null | undefined | false;

interface Properties {
  class?: string;
  id?: string;
  title?: string;
  on?: Partial<Record<keyof HTMLElementEventMap, (event: Event) => void>>;
  /** Further attributes; those that are undefined are left out. */
  attributes?: Record<string, string | undefined>;
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (properties.class) made.className = properties.class;
  if (properties.id) made.id = properties.id;
  if (properties.title) made.title = properties.title;
  for (const [name, value] of Object.entries(properties.attributes ?? {})) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  for (const [name, listener] of Object.entries(properties.on ?? {})) made.addEventListener(name, listener);
  made.append(
    ...children.filter(
      (child): child is Node | string => child !== null && child !== undefined && child !== false,
    ),
  );
  return made;
}

/** Returns the element of the page with that id. */
export function by_id(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element ${id}`);
  return found;
}

/** Remembers which control of these hosts has the focus, as its place among all, because drawing makes new
 * ones. Returns nothing if none has it. */
export function focus_in(...hosts: HTMLElement[]): { restore: () => void } | undefined {
  const controls = (host: HTMLElement) => [...host.querySelectorAll<HTMLElement>("button, select, input")];
  for (const host of hosts) {
    const place = controls(host).indexOf(document.activeElement as HTMLElement);
    if (place >= 0) return { restore: () => controls(host)[place]?.focus({ preventScroll: true }) };
  }
  return undefined;
}

/** A canvas with as many pixels as the screen has at its place. */
export class Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly ink: CanvasRenderingContext2D;
  width = 0;
  height = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.ink = canvas.getContext("2d")!;
  }

  /** Sets the size in CSS pixels. */
  resize(width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.ink.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  clear(): void {
    this.ink.clearRect(0, 0, this.width, this.height);
  }
}
