// Address and key stay in this browser. A key with the scope `capture` can hand mails over, and nothing else.

const form = document.querySelector("form");

chrome.storage.local.get(["address"]).then(({ address = "" }) => {
  form.elements.address.value = address;
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await chrome.storage.local.set({ address: form.elements.address.value, key: form.elements.key.value.trim() });
  document.querySelector("output").textContent = "Saved.";
});
