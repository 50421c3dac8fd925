// The card beside the mail. All that comes from elsewhere is put in as text, never as markup.

const STYLE = `
  :host { all: initial; }
  section { position: fixed; right: 16px; bottom: 16px; width: 320px; max-height: 60vh; overflow: auto; z-index: 2147483647;
    font: 14px/1.4 system-ui, sans-serif; color: #1b1b1b; background: #fff; border: 1px solid #c8c8c8; border-radius: 8px;
    box-shadow: 0 4px 16px rgb(0 0 0 / 20%); padding: 12px; }
  h2 { font-size: 15px; margin: 0 0 4px; } p { margin: 2px 0; } article { border-top: 1px solid #e4e4e4; padding: 8px 0; }
  button { font: inherit; margin-top: 4px; } .muted { color: #5f5f5f; }
`;

/** Shows an answer of capture in place of what was shown before; `act` is told of what a person presses. */
function showCard(page, shown, act) {
  const root = openRoot(page);
  const section = page.createElement("section");
  section.setAttribute("aria-label", "Lockstep");
  section.append(...partsOf(page, shown, act));
  root.replaceChildren(styled(page), section);
}

function hideCard(page) {
  page.getElementById("lockstep-card")?.remove();
}

function openRoot(page) {
  const known = page.getElementById("lockstep-card");
  if (known?.shadowRoot) return known.shadowRoot;
  const host = page.createElement("div");
  host.id = "lockstep-card";
  page.body.append(host);
  return host.attachShadow({ mode: "open" });
}

function styled(page) {
  return element(page, "style", STYLE);
}

function partsOf(page, shown, act) {
  if (shown.kind === "problem") return [element(page, "h2", "Lockstep"), element(page, "p", shown.text)];
  const { links, suggestions, waiting } = shown.captured;
  const linked = links.flatMap((link) => (link.booking === null ? [] : [article(page, link, "unlink", act)]));
  const meant = suggestions.map((suggestion) => article(page, suggestion, "link", act));
  const waits = waiting.map((ref) => muted(page, `Booking #${ref} is not known yet: the mail is linked when it is.`));
  const none = linked.length + meant.length + waits.length === 0 ? [muted(page, "No booking is named here.")] : [];
  return [
    ...(linked.length > 0 ? [element(page, "h2", "This mail is about"), ...linked] : []),
    ...(meant.length > 0 ? [element(page, "h2", "Perhaps about"), ...meant] : []),
    ...waits,
    ...none,
  ];
}

function article(page, { booking, reason }, action, act) {
  const { bookingId, customerName, startDate, endDate, status, key } = booking;
  const button = element(page, "button", action === "link" ? "It is" : "It is not");
  button.addEventListener("click", () => act({ action, booking: key }));
  const made = page.createElement("article");
  made.append(
    element(page, "p", `#${bookingId} ${customerName ?? ""}`.trim()),
    element(page, "p", `${startDate} to ${endDate}, ${status}`),
    muted(page, reason),
    button,
  );
  return made;
}

function muted(page, text) {
  const made = element(page, "p", text);
  made.className = "muted";
  return made;
}

function element(page, name, text) {
  const made = page.createElement(name);
  made.textContent = text;
  return made;
}

globalThis.lockstepShowCard = showCard;
globalThis.lockstepHideCard = hideCard;
