"use strict";
// Everything works without this file. With it, answers arrive without a reload, quotes can be
// copied with their source, and keys move between them.

const box = () => document.getElementById("question");

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;

async function show(url, remember) {
  const region = document.getElementById("answer");
  region.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const answer = page.getElementById("answer");
    if (!answer) throw new Error("no answer");
    region.replaceChildren(...answer.childNodes);
    document.title = page.title;
    if (remember) history.pushState(null, "", url);
    box().value = page.getElementById("question").value;
  } catch {
    location.assign(url);
  } finally {
    region.removeAttribute("aria-busy");
  }
}

const live = document.querySelector("form[data-live]");
if (live) {
  live.addEventListener("submit", (event) => {
    event.preventDefault();
    show("/?" + new URLSearchParams(new FormData(live)), true);
  });
  document.getElementById("answer").addEventListener("click", (event) => {
    const example = event.target.closest(".examples a");
    if (!example || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(example.getAttribute("href"), true);
  });
  addEventListener("popstate", () => show(location.pathname + location.search, false));
}

const quote = document.querySelector("mark#quote");
if (quote) quote.scrollIntoView({ block: "center" });

async function copy(button) {
  await navigator.clipboard.writeText(`“${quote.textContent}” — ${button.dataset.copy}`);
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 1500);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button));
}

function step(by) {
  const link = document.querySelector(by > 0 ? "a[rel=next]" : "a[rel=prev]");
  if (link) return link.click();
  const links = [...document.querySelectorAll("figure.quote figcaption > a")];
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(links.length - 1, Math.max(0, at + by))];
  if (next) next.focus();
}

// Keeps a quote without leaving the page.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-quietly]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter || form.querySelector("button");
  const fields = new URLSearchParams(new FormData(form));
  fields.set(button.name, button.value);
  const response = await fetch(form.action, { method: "POST", body: fields });
  if (!response.ok) return form.submit();
  button.textContent = form.dataset.done;
  button.disabled = true;
});

const keys = {
  "/": () => box() && (box().focus(), box().select()),
  n: () => step(1),
  p: () => step(-1),
  o: () => document.activeElement.closest("figure.quote")?.querySelector("figcaption > a").click(),
  c: () => document.querySelector("[data-copy]:not([hidden])")?.click(),
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
