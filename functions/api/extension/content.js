// Watches which mail is open, and shows what Lockstep knows of it. The key never comes here: `background.js` calls.

const SETTLE_MS = 400;
let waiting;
let shownFor = "";

function look() {
  clearTimeout(waiting);
  waiting = setTimeout(() => void capture(), SETTLE_MS);
}

async function capture() {
  const mail = globalThis.lockstepReadOpenMail(document, location.href);
  if (mail === undefined) {
    if (!/\/id\//.test(location.href)) forget();
    return;
  }
  if (mail.messageId === shownFor) return;
  shownFor = mail.messageId;
  await show(mail, { kind: "capture", mail });
}

async function show(mail, request) {
  const answer = await chrome.runtime.sendMessage(request).catch(() => undefined);
  // Another mail was opened meanwhile.
  if (answer === undefined || shownFor !== mail.messageId) return;
  globalThis.lockstepShowCard(document, answer, ({ action, booking }) => {
    if (answer.kind === "captured") void show(mail, { kind: action, booking, mail, id: answer.captured.mail });
  });
}

function forget() {
  shownFor = "";
  globalThis.lockstepHideCard(document);
}

new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
