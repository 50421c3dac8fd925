import type { EventBody } from "./rows.ts";

const HEAD = '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>';
const PREVIEW = 255;

/** A body as Exchange answers it: what was written as text comes back as a page, unless text is preferred. */
export function showContent({ contentType, content }: EventBody["body"], as: "html" | "text"): EventBody["body"] {
  if (as === "text") return { contentType: as, content: contentType === "text" ? content : textOf(content) };
  return { contentType: as, content: contentType === "html" ? pageOf(content) : pageOf(plainDiv(content)) };
}

export function previewOf({ contentType, content }: EventBody["body"]): string {
  return (contentType === "text" ? content : textOf(content)).slice(0, PREVIEW);
}

function pageOf(html: string): string {
  return html === "" || /<html\b/i.test(html) ? html : `${HEAD}\r\n${html}\r\n</body></html>`;
}

function plainDiv(text: string): string {
  if (text === "") return "";
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<div class="PlainText">${escaped.replaceAll(/\r?\n/g, "<br>\r\n")}</div>`;
}

function textOf(html: string): string {
  const broken = html.replaceAll(/<(head|style|script)\b[\s\S]*?<\/\1>/gi, "").replaceAll(/<br\s*\/?>\s*/gi, "\n");
  const bare = broken.replaceAll(/<\/(p|div|li)>\s*/gi, "\n").replaceAll(/<[^>]*>/g, "");
  return bare.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&nbsp;", " ").replaceAll("&amp;", "&").trim();
}
