// What Outlook on the web shows of the open mail. Its page has no documented shape: roles and labels, which screen
// readers rest on, change least; nothing is taken where one of them is missing.

const MAX_BODY = 100_000;
const ADDRESS = /[\w.+'-]+@[\w-]+(?:\.[\w-]+)+/;

/** The open mail as `POST /api/emails/capture` takes it; undefined where none is open, or it cannot be read. */
function readOpenMail(page, address) {
  const messageId = messageIdIn(address);
  const pane = page.querySelector('[role="main"]');
  if (messageId === undefined || pane === null) return undefined;
  const from = readSender(pane);
  if (from === undefined) return undefined;
  const body = pane.querySelector('[aria-label="Message body"], [role="document"]');
  return {
    messageId,
    subject: textOf(pane.querySelector('[role="heading"]')).slice(0, 1_000),
    from,
    receivedAt: readTime(pane),
    body: (body?.innerText ?? "").slice(0, MAX_BODY),
  };
}

/** `…/mail/inbox/id/AAMkAGI…`, percent-escaped. */
function messageIdIn(address) {
  const [, escaped] = /\/id\/([^/?#]+)/.exec(address) ?? [];
  if (escaped === undefined) return undefined;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
}

/** `Sam Leader <leader@example.org>`, as a title, a label or the text of the sender's line. */
function readSender(pane) {
  for (const element of pane.querySelectorAll('[aria-label^="From"], [title*="@"], [data-sender]')) {
    for (const text of [element.getAttribute("aria-label"), element.getAttribute("title"), element.textContent]) {
      const [address] = ADDRESS.exec(text ?? "") ?? [];
      if (address === undefined) continue;
      const name =
        (text ?? "")
          .replace(/^From:?\s*/, "")
          .split(/[<(]/)[0]
          ?.replace(address, "")
          .trim() ?? "";
      return { address, name: name.slice(0, 300) };
    }
  }
  return undefined;
}

/** Only where the page tells a machine's time: people's words for it differ by language. */
function readTime(pane) {
  const ms = Date.parse(pane.querySelector("time[datetime]")?.getAttribute("datetime") ?? "");
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function textOf(element) {
  return element?.textContent?.trim() ?? "";
}

globalThis.lockstepReadOpenMail = readOpenMail;
