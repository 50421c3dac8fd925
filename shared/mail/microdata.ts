import { tidy } from "./fold.ts";

/** One schema.org item written into the HTML itself (`itemscope`), with its properties by name. */
export interface MicroItem {
  readonly type: string;
  readonly properties: Readonly<Record<string, string | MicroItem>>;
}

interface Growing {
  readonly type: string;
  readonly properties: Record<string, string | MicroItem>;
}

interface Element {
  /** The item that opened with this element. */
  readonly item: Growing | undefined;
  /** The property whose value is this element's text. */
  readonly property: string | undefined;
  text: string;
}

const MAX_ITEMS = 200;
const MAX_TEXT = 500;

/** Collects the items of a page while its elements open and close. */
export class Microdata {
  readonly #elements: Element[] = [];
  readonly #open: Growing[] = [];
  readonly #roots: MicroItem[] = [];

  opens(_name: string, attributes: Readonly<Record<string, string>>): void {
    const property = attributes["itemprop"];
    if ("itemscope" in attributes && this.#roots.length < MAX_ITEMS) {
      this.#opensItem(attributes["itemtype"] ?? "", property);
      return;
    }
    const value = attributes["content"] ?? attributes["datetime"] ?? attributes["href"];
    const isText = property !== undefined && value === undefined;
    if (property !== undefined && value !== undefined) this.#put(property, value);
    this.#elements.push({ item: undefined, property: isText ? property : undefined, text: "" });
  }

  says(text: string): void {
    for (const element of this.#elements.slice(-4)) {
      if (element.property !== undefined && element.text.length < MAX_TEXT) element.text += text;
    }
  }

  closes(): void {
    const element = this.#elements.pop();
    if (element?.item !== undefined) this.#open.pop();
    if (element?.property !== undefined) this.#put(element.property, tidy(element.text));
  }

  items(): readonly MicroItem[] {
    return this.#roots;
  }

  #opensItem(type: string, property: string | undefined): void {
    const item: Growing = { type, properties: {} };
    if (property === undefined || this.#open.length === 0) this.#roots.push(item);
    else this.#put(property, item);
    this.#open.push(item);
    this.#elements.push({ item, property: undefined, text: "" });
  }

  #put(property: string, value: string | MicroItem): void {
    const item = this.#open.at(-1);
    if (item !== undefined && !Object.hasOwn(item.properties, property)) item.properties[property] = value;
  }
}
