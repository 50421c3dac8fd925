import { Parser } from "htmlparser2";
import { plainSpaces, tidy } from "./fold.ts";
import { Microdata, type MicroItem } from "./microdata.ts";

/** What an HTML body shows and holds. Cells of one table row stand in one line, parted by tabs. */
export interface Page {
  readonly lines: readonly string[];
  readonly links: readonly string[];
  /** Texts of `application/ld+json` scripts. */
  readonly jsonLd: readonly string[];
  readonly items: readonly MicroItem[];
}

const BLOCKS = new Set(
  "address article aside body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead ul br".split(
    " ",
  ),
);
const UNSEEN = new Set(["head", "style", "title", "noscript", "template", "svg"]);
const HIDDEN_STYLE = /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all/i;
const MAX_LINKS = 500;

interface Box {
  readonly kind: "flow" | "row" | "cell" | "quote";
  readonly lines: string[];
  readonly cells: string[][];
  open: string;
}

/** Reads `html` as a browser would lay it out, without running or fetching anything. Never throws on broken markup. */
export function readHtml(html: string): Page {
  const reader = new PageReader();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.opens(name, attributes),
      onclosetag: (name) => reader.closes(name),
      ontext: (text) => reader.says(text),
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  return reader.page();
}

class PageReader {
  readonly #links: string[] = [];
  readonly #jsonLd: string[] = [];
  readonly #microdata = new Microdata();
  readonly #boxes: Box[] = [newBox("flow")];
  /** How many open elements deep we are in what nobody sees; 0: seen. */
  #unseen = 0;
  #script: string | undefined;
  #verbatim = 0;

  opens(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#microdata.opens(name, attributes);
    if (name === "script") this.#script = isJsonLd(attributes) ? "" : undefined;
    if (this.#unseen > 0 || name === "script" || UNSEEN.has(name) || isHidden(name, attributes)) {
      this.#unseen += 1;
      return;
    }
    if (name === "a") this.#keepLink(attributes["href"]);
    if (name === "pre") this.#verbatim += 1;
    if (name === "tr") this.#enter("row");
    else if (name === "td" || name === "th") this.#enter("cell");
    else if (name === "blockquote") this.#enter("quote");
    else if (BLOCKS.has(name)) this.#endLine();
  }

  closes(name: string): void {
    this.#microdata.closes();
    if (name === "script" && this.#script !== undefined) this.#jsonLd.push(this.#script);
    if (name === "script") this.#script = undefined;
    if (this.#unseen > 0) {
      this.#unseen -= 1;
      return;
    }
    if (name === "pre") this.#verbatim -= 1;
    if (name === "tr") this.#leave("row");
    else if (name === "td" || name === "th") this.#leave("cell");
    else if (name === "blockquote") this.#leave("quote");
    else if (BLOCKS.has(name)) this.#endLine();
  }

  says(text: string): void {
    if (this.#script !== undefined) this.#script += text;
    this.#microdata.says(text);
    if (this.#unseen > 0) return;
    const parts = this.#verbatim > 0 ? text.split("\n") : [text.replaceAll(/[\r\n\t]+/g, " ")];
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.#endLine();
      this.#top().open += part;
    }
  }

  page(): Page {
    while (this.#boxes.length > 1) this.#leave(this.#top().kind);
    this.#endLine();
    const items = this.#microdata.items();
    return { lines: this.#top().lines, links: this.#links, jsonLd: this.#jsonLd, items };
  }

  #top(): Box {
    return this.#boxes.at(-1) ?? newBox("flow");
  }

  #enter(kind: Box["kind"]): void {
    this.#endLine();
    this.#boxes.push(newBox(kind));
  }

  #leave(kind: Box["kind"]): void {
    this.#endLine();
    const box = this.#top();
    if (box.kind !== kind || this.#boxes.length < 2) return;
    this.#boxes.pop();
    const outer = this.#top();
    if (kind === "cell" && outer.kind === "row") outer.cells.push(box.lines);
    else for (const line of linesOf(box)) outer.lines.push(line);
  }

  #endLine(): void {
    const box = this.#top();
    const line = plainSpaces(box.open).trim();
    if (line !== "") box.lines.push(line);
    box.open = "";
  }

  #keepLink(href: string | undefined): void {
    if (href !== undefined && /^https?:/i.test(href) && this.#links.length < MAX_LINKS) this.#links.push(href);
  }
}

/** A row whose cells are single lines is one line; otherwise its cells stand below each other. */
function linesOf(box: Box): readonly string[] {
  if (box.kind === "quote") return box.lines.map((line) => `> ${line}`);
  if (box.kind !== "row") return box.lines;
  const cells = box.cells.filter((lines) => lines.length > 0);
  const flat = cells.every((lines) => lines.length === 1 && !lines[0]?.includes("\t"));
  const rows = flat && cells.length > 1 ? [cells.map((lines) => tidy(lines[0] ?? "")).join("\t")] : cells.flat();
  return [...box.lines, ...rows];
}

function newBox(kind: Box["kind"]): Box {
  return { kind, lines: [], cells: [], open: "" };
}

function isJsonLd(attributes: Readonly<Record<string, string>>): boolean {
  return /ld\+json/i.test(attributes["type"] ?? "");
}

function isHidden(name: string, attributes: Readonly<Record<string, string>>): boolean {
  return name !== "body" && HIDDEN_STYLE.test(attributes["style"] ?? "");
}
