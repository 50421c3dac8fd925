// The only part that knows the key and calls Lockstep. It answers the page's script: what was captured, or in words why not.

chrome.runtime.onMessage.addListener((request, sender, answer) => {
  if (sender.id !== chrome.runtime.id) return false;
  carryOut(request).then(answer, () =>
    answer(problem("Lockstep cannot be reached. Check its address in the options.")),
  );
  return true;
});

async function carryOut(request) {
  const { address, key } = await chrome.storage.local.get(["address", "key"]);
  if (!address || !key) return problem("Put Lockstep's address and your key into this extension's options.");
  const api = { address, key };
  if (request.kind === "link" || request.kind === "unlink") {
    const path = `emails/${encodeURIComponent(request.id)}/${request.kind}`;
    const done = await post(api, path, { booking: request.booking });
    if (done.kind === "problem") return done;
  }
  const answer = await post(api, "emails/capture", request.mail);
  return answer.kind === "problem" ? answer : { kind: "captured", captured: answer.body };
}

async function post({ address, key }, path, body) {
  const response = await fetch(`${address.replace(/\/+$/, "")}/api/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return { kind: "answer", body: answer };
  return problem(`Lockstep refused (${answer.code ?? response.status}). ${answer.remedy ?? ""}`.trim());
}

function problem(text) {
  return { kind: "problem", text };
}
