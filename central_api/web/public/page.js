// What a phone shows of a slip or of a status receipt. The part of the address behind # never leaves the phone.

import { Damaged, derive, openSealed, parseSlip, readReceipt, readStatus } from "/public/slip.js";

// First of all: out of the address bar, the history, and whatever copies the address.
let fragment = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const SIGNS = {
  wait: "M8 5h16M8 27h16M10 5c0 7 5 8 6 11-1 3-6 4-6 11M22 5c0 7-5 8-6 11 1 3 6 4 6 11",
  turn: "M12 8l-6 6 6 6M6 14h13a6 6 0 0 1 0 12h-6",
  tick: "M7 17l6 6L25 9",
  pause: "M12 8v16M20 8v16",
  cross: "M9 9l14 14M23 9L9 23",
  cloud: "M10 24a6 6 0 0 1 0-12 8 8 0 0 1 15 2 5 5 0 0 1 0 10zM6 28L27 6",
  code: "M5 5h8v8H5zM19 5h8v8h-8zM5 19h8v8H5zM19 19h3v3M27 19v8h-8",
};
const IN_ORDER = ["ar", "fr", "en"];
let words, names, language, draw;

const asked = () => location.pathname === "/R" ? checkReceipt() : showSlip();
addEventListener("hashchange", () => {
  if (!location.hash) return;
  fragment = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  asked();
});
start();

async function start() {
  try {
    const answer = await fetch("/public/words.json", { credentials: "omit" });
    ({ words, names } = await answer.json());
  } catch {
    document.querySelector("#page").textContent = "تعذّر الاتصال بالوزارة · Le ministère est injoignable · The ministry cannot be reached";
    return;
  }
  language = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => IN_ORDER.includes(tag)) ?? "ar";
  await asked();
}

async function showSlip() {
  if (!fragment) return notice("no_slip", "code");
  if (!globalThis.crypto?.subtle) return notice("no_crypto", "cross");
  notice("loading", "wait");
  try {
    const slip = parseSlip(fragment), keys = await derive(slip.key);
    const answer = await fetch(`/v1/statuses/${keys.name}`, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (answer.status === 404) return notice("unknown", "code", true);
    if (answer.status === 410) {
      const { type } = await answer.json().catch(() => ({}));
      return notice(type === "expired" ? "expired" : "replaced", "cross");
    }
    if (!answer.ok) return notice("unreachable", "cloud", true);
    const sealed = new Uint8Array(await answer.arrayBuffer());
    const status = readStatus((await openSealed(sealed, keys)).fields);
    if (status.tracking !== slip.tracking) throw new Damaged("another file");
    language = IN_ORDER[status.language] ?? language;
    const asOf = Date.parse(answer.headers.get("date")) / 1000 || null;
    show(() => drawStatus(status, asOf));
  } catch (error) {
    if (error instanceof Damaged) return notice("damaged", "turn");
    if (error instanceof TypeError) return notice("unreachable", "cloud", true);
    throw error;
  }
}

async function checkReceipt() {
  if (!fragment) return notice("no_slip", "code");
  notice("loading", "wait");
  try {
    const receipt = readReceipt(fragment);
    const answer = await fetch("/v1/receipts/check", {
      method: "POST", credentials: "omit", headers: { "content-type": "application/json" },
      body: JSON.stringify({ receipt: `HTTPS://${names.host}/R#${fragment}` }),
    });
    if (!answer.ok) return notice("unreachable", "cloud", true);
    const { verdict } = await answer.json();
    show(() => drawVerdict(verdict, verdict === "not_ours" ? null : receipt));
  } catch (error) {
    if (error instanceof Damaged) return notice("incomplete", "turn");
    if (error instanceof TypeError) return notice("unreachable", "cloud", true);
    throw error;
  }
}

function notice(key, sign, retry = false) {
  const tone = { damaged: "amber", incomplete: "amber", replaced: "red" }[key] ?? "info";
  show(() => [
    answer(tone, sign, say(key), [words[language][`${key}_what`]]),
    ...(retry ? [el("button", { class: "main", type: "button", onclick: asked }, say("retry"))] : []),
  ]);
}

function show(make) {
  draw = () => {
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    document.title = `${say(location.pathname === "/R" ? "receipt_title" : "title")} · ${names.ministry[language]}`;
    document.querySelector("#ministry").textContent = names.ministry[language];
    document.querySelector("#languages").replaceChildren(...IN_ORDER.map((tag) => el("button", {
      type: "button", lang: tag, dir: tag === "ar" ? "rtl" : "ltr", "aria-pressed": String(tag === language),
      onclick: () => { language = tag; draw(); document.querySelector(`#languages [lang=${tag}]`).focus(); },
    }, words[tag].language)));
    document.querySelector("#page").replaceChildren(...make());
  };
  draw();
  document.querySelector("h1")?.focus({ preventScroll: true });
}

function drawStatus(status, asOf) {
  const step = status.steps[status.current], suspended = status.state === 1 && step?.suspendedSince;
  const since = { date: date(status.since) };
  // By the office's time of answering: a phone's own clock may stand anywhere.
  const over = status.deadline !== undefined && asOf !== null && day(asOf) > status.deadline;
  const ended = status.state === 3, objected = status.objection;
  const [tone, sign, title, ...lines] = {
    1: () => [suspended ? "info" : "green", suspended ? "pause" : "wait", say("with_office", { at: words[language].at[step?.role] ?? office(step) }),
      ...suspended ? [say("suspended", { date: date(step.suspendedSince) }), say("there_since", since)]
        : [`${say("since", since)} ${step?.expected ? say("usual", { range: range(step.expected) }) : ""}`]],
    2: () => ["amber", "turn", status.missing.length ? count("missing_count", status.missing.length) : say("returned"),
      over ? null : say("returned_since", since)],
    3: () => objected ? ["green", "wait", say("objected"), say("objection_with", { office: office(objected), date: date(objected.since) })]
      : ["red", "cross", say("rejected"), say("ended_on", since)],
    4: () => ["green", "tick", say("completed"), say("ended_on", since)],
  }[status.state]?.() ?? ["info", "wait", say("unknown_word", { code: status.state })];
  return [
    el("p", { class: "whose" }, el("strong", {}, service(status)), " ",
      el("span", {}, `${say("tracking")} `, el("bdi", { dir: "ltr" }, grouped(status.tracking)))),
    answer(tone, sign, title, lines),
    card("asked", el("p", {}, say(over ? "asked_late" : askedOf(status))),
      status.deadline === undefined ? null
        : el("p", { class: "deadline" }, say(lastDay(status, over), { date: date(status.deadline * 86400) }))),
    ...(status.missing.length ? [card("missing", list(status.missing.map((code) => name("documents", code))))] : []),
    ...(status.reasons.length ? [card("reasons", list(status.reasons.map(([code]) => name("reasons", code))))] : []),
    card("chain", el("ol", { class: "chain" }, ...status.steps.map((one, index) => drawStep(status, one, index)))),
    ...(status.checks.length && !ended ? [card("checks", el("ul", {}, ...status.checks.map(([agency, from]) =>
      el("li", {}, say("check_line", { agency: name("agencies", agency), date: date(from) })))))] : []),
    el("p", { class: "soft" }, say("filed_at", { region: name("regions", status.filedAt) })),
    ...(asOf ? [el("p", { class: "soft" }, say("updated", { when: moment(asOf) }))] : []),
    el("p", { class: "soft" }, say("privacy")),
  ];
}

const lastDay = ({ state }, over) => state === 3 ? over ? "late_objection" : "object_until" : over ? "late" : "deadline";

function askedOf(status) {
  if (status.state === 2) return status.missing.length ? "asked_bring" : "asked_correct";
  if (status.state === 3) return status.objection || status.dismissed ? "asked_nothing" : "asked_object";
  if (status.state === 4) return status.documentWaits ? "asked_collect" : "asked_not_received";
  return "asked_nothing";
}

function drawStep(status, step, index) {
  const done = step.when !== undefined, here = index === status.current, ended = status.state === 3 && !done;
  const here_what = { 2: "step_returned", 3: "step_rejected" }[status.state] ?? "under_review";
  const done_what = step.reportedBy !== undefined ? "step_done" : { 1: "received", 2: "registered", 6: "signed" }[step.role] ?? "approved";
  const suspended = here && status.state === 1 && step.suspendedSince;
  const what = done ? done_what : suspended ? "suspended_mark" : here_what;
  const title = done || here ? say("step_line", { office: office(step), what: say(what) })
    : step.role === 6 ? say("minister_later") : office(step);
  const meta = done ? [date(step.when), step.acting ? say("acting") : null,
    step.reportedBy !== undefined ? say("reported_by", { system: name("systems", step.reportedBy) }) : null]
    : here ? [ended ? date(status.since) : say("since", { date: date(suspended || status.since) }).replace(/\.$/, "")]
      : [step.expected && !ended ? say("usual_later", { range: range(step.expected) }) : null];
  return el("li", { class: done ? "done" : here ? `here ${ended ? "ended" : status.state === 2 ? "returned" : ""}` : ended ? "never" : "later",
    "aria-current": here ? "step" : null },
    el("span", { class: "step" }, title), el("span", { class: "meta" }, ...between(meta.filter(Boolean), " · ")));
}

function drawVerdict(verdict, receipt) {
  const tone = { holds: "green", superseded: "amber" }[verdict] ?? "red";
  const sign = { holds: "tick", superseded: "turn" }[verdict] ?? "cross";
  const rows = receipt && [["tracking", grouped(receipt.tracking)], ["state", say(`state_${receipt.state}`)], ["data_of", moment(receipt.when)]];
  return [answer(tone, sign, say(verdict), [say(`${verdict}_what`)]),
    ...(rows ? [card("compare", el("dl", {}, ...rows.flatMap(([key, value]) => [el("dt", {}, say(key)), el("dd", {}, el("bdi", {}, value))])))] : [])];
}

// Pieces of a page.
function answer(tone, sign, title, lines) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  path.setAttribute("viewBox", "0 0 32 32");
  path.setAttribute("aria-hidden", "true");
  path.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  path.firstChild.setAttribute("d", SIGNS[sign]);
  return el("section", { class: `answer ${tone}` }, el("span", { class: `sign ${sign}` }, path),
    el("div", {}, el("h1", { tabindex: "-1" }, title), ...lines.filter(Boolean).map((line) => el("p", {}, line))));
}
const card = (key, ...content) => el("section", { class: "card" }, el("h2", {}, say(key)), ...content.filter(Boolean));
const list = (items) => el("ol", {}, ...items.map((item) => el("li", {}, item)));
const between = (items, mark) => items.flatMap((item, index) => index ? [mark, item] : [item]);

function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// Words.
const isolate = (text) => `\u2068${text}\u2069`;
const say = (key, values = {}) => fill(words[language][key] ?? key, values);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const count = (key, n, values = {}) => {
  const forms = words[language][key];
  return fill(forms[new Intl.PluralRules(language).select(n)] ?? forms.other, { ...values, n: isolate(n) });
};
const range = ([least, most]) => least === most ? count("exactly", most)
  : least === 0 ? count("up_to", most) : count("range", most, { least: isolate(least) });
const name = (section, code) => names[section][code]?.[language] ?? say("unknown_word", { code: isolate(code) });
const service = ({ family, kind }) => names.services[family]?.[kind]?.[language] ?? say("unknown_word", { code: isolate(kind) });
function office({ role, region }) {
  const comma = language === "ar" ? "، " : ", ";
  return name("roles", role) + (region ? comma + name("regions", region) : "");
}
const grouped = (digits) => `${digits.slice(0, 2)}-${digits.slice(2, 6)}-${digits.slice(6, 10)}-${digits[10]}`;

// Dates as the ministry writes them, in its own time zone, with Latin digits.
const written = (seconds, options) => new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Beirut", ...options }).format(seconds * 1000);
const dayOf = (seconds) => written(seconds, { day: "2-digit", month: "2-digit", year: "numeric" });
const date = (seconds) => isolate(dayOf(seconds));
// Days since 1970, in Lebanon.
const day = (seconds) => Date.parse(dayOf(seconds).split("/").reverse().join("-")) / 86400000;
function moment(seconds) {
  const time = isolate(written(seconds, { hour: "2-digit", minute: "2-digit" }));
  return date(seconds) === date(Date.now() / 1000) ? say("today", { time }) : `${date(seconds)} ${time}`;
}
