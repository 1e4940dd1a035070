"use strict";
// Inside of Telegram a page is told who opened it, and the colours of the app, in its fragment.
// https://core.telegram.org/bots/webapps

const TELEGRAM = "https://web.telegram.org";
const root = document.documentElement;

function post(type, data) {
  const text = JSON.stringify(data);
  if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(type, text);
  else if (window.external && "notify" in window.external) {
    window.external.notify(JSON.stringify({ eventType: type, eventData: data }));
  } else if (window.parent !== window) {
    window.parent.postMessage(JSON.stringify({ eventType: type, eventData: data }), TELEGRAM);
  }
}

// A frame may have no storage; then the colours are those of the device.
const kept = {
  get theme() { try { return JSON.parse(sessionStorage.getItem("theme")); } catch { return null; } },
  set theme(theme) { try { sessionStorage.setItem("theme", JSON.stringify(theme)); } catch { /* none */ } },
};

const levels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

function luminance(colour) {
  const [red, green, blue] = levels(colour)
    .map((level) => level / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function mix(one, other, share) {
  const [from, to] = [levels(one), levels(other)];
  const mixed = from.map((level, at) => Math.round(level + (to[at] - level) * share));
  return "#" + mixed.map((level) => level.toString(16).padStart(2, "0")).join("");
}

// A colour as near to the wanted one as can be read: themes of people have any.
function readable(wanted, ink, paper, least = 4.5) {
  for (let share = 0; share < 1; share += 0.1) {
    const colour = mix(wanted, ink, share);
    if (contrast(colour, paper) >= least) return colour;
  }
  return ink;
}

function paint(theme) {
  const colour = (name) => (/^#[0-9a-f]{6}$/i.test(theme?.[name] ?? "") ? theme[name] : null);
  const [paper, ink] = [colour("bg_color"), colour("text_color")];
  if (!paper || !ink || contrast(paper, ink) < 4.5) return;
  const isDark = luminance(paper) < luminance(ink);
  const card = colour("secondary_bg_color") ?? mix(paper, ink, 0.04);
  const link = readable(colour("link_color") ?? ink, ink, paper);
  root.dataset.theme = isDark ? "dark" : "light";
  const values = {
    paper, ink, link,
    card: contrast(card, ink) < 4.5 ? paper : card,
    quiet: readable(mix(ink, paper, 0.4), ink, paper),
    line: mix(paper, ink, 0.16),
  };
  for (const [name, value] of Object.entries(values)) root.style.setProperty(`--${name}`, value);
}

function receive(type, data) {
  if (type !== "theme_changed" || !data?.theme_params) return;
  kept.theme = data.theme_params;
  paint(data.theme_params);
}

addEventListener("message", (event) => {
  if (event.source !== window.parent || event.origin !== TELEGRAM) return;
  try {
    const { eventType, eventData } = JSON.parse(event.data);
    receive(eventType, eventData);
  } catch { /* not for us */ }
});
window.Telegram = { WebView: { receiveEvent: receive } };
window.TelegramGameProxy = { receiveEvent: receive };
window.TelegramGameProxy_receiveEvent = receive;

const given = new URLSearchParams(location.hash.slice(1));
try {
  if (given.has("tgWebAppThemeParams")) kept.theme = JSON.parse(given.get("tgWebAppThemeParams"));
} catch { /* as without */ }
paint(kept.theme);

addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("enter");
  if (form) {
    form.elements.data.value = given.get("tgWebAppData") ?? "";
    form.submit();
  } else {
    post("web_app_ready", {});
    post("web_app_expand", {});
  }
});
