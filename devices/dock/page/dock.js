// The page shows what /events tells, and sends orders. It keeps nothing but the language.
import { WORDS } from "./words.js";

const LOG_LINES = 300;
const DEVICES = ["network", "printer", "scanner", "keypad", "reader"];
const $ = id => document.getElementById(id);
let language = new URLSearchParams(location.search).get("lang") || localStorage.getItem("lang") || navigator.language.slice(0, 2);
if (!(language in WORDS)) language = "en";
let parts = {};
let nextCardFault = "none";
const log = [];

const words = () => WORDS[language];
const eventWord = what => words().event[what] || words().fault[what] || words().card[what] || words().kind[what] || what;
// The screen's kind, and of a status the state that it shows, such as "ShowStatus under_review".
const screenWord = ([kind, state]) => (words().screen[kind] || kind) + (state ? `: ${words().slip[state.replaceAll("_", "-")] || state}` : "");

async function send(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "X-Dock": "1" }, body });
    say(answer.ok ? (await answer.json()).said : "no_picture");
  } catch {
    say("link_lost");
  }
}
const order = what => send("orders", JSON.stringify(what));

// A finger comes down where it does one after the other: requests of their own would overtake each other.
let lastTouch = Promise.resolve();
const inTurn = what => { lastTouch = lastTouch.then(() => order(what)); };

function say(what) {
  const said = $("said");
  const well = ["done", "presented"].includes(what);
  said.classList.toggle("no", !well);
  said.textContent = what === "done" ? "" : words().event[what] || words()[what] || what;
}

// ---- words -------------------------------------------------------------------------------------------------------

function speak(chosen) {
  language = chosen;
  localStorage.setItem("lang", language);
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  document.title = words().title;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words()[element.dataset.word];
  for (const element of document.querySelectorAll("[data-word-label]")) element.setAttribute("aria-label", words()[element.dataset.wordLabel]);
  for (const button of $("languages").children) button.setAttribute("aria-pressed", button.value === language);
  for (const element of document.querySelectorAll(".choices[id]")) element.replaceChildren();
  $("log").replaceChildren();
  log.forEach(showLine);
  show();
}

function slipWord(file) {
  const stem = file.replace(/\.png$/, "");
  const [, name, spoken] = stem.match(/^(.*?)(?:-(ar|fr|en))?$/);
  const word = words().slip[name] || name;
  return spoken ? `${word} (${spoken})` : word;
}

// ---- choices -----------------------------------------------------------------------------------------------------

// One button for each name; buttons stay where they are, so that the keyboard's focus does too.
function choices(id, names, word, press, checked) {
  const box = $(id);
  if (box.children.length !== names.length) {
    box.replaceChildren(...names.map(name => {
      const button = document.createElement("button");
      button.value = name;
      button.textContent = word(name);
      button.addEventListener("click", () => press(name));
      return button;
    }));
  }
  for (const button of box.children) {
    if (checked === undefined) continue;
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", button.value === checked);
    button.classList.toggle("fault", button.value !== "none");
  }
}

function show() {
  const { faults, terminal, printer, card, slips = [] } = parts;
  if (!faults) return;
  const faultWord = name => words().fault[name] || name;
  const now = { ...parts, printer: printer?.fault };
  for (const device of DEVICES) {
    choices(device, faults[device], faultWord, fault => order({ fault, of: device }), now[device]);
  }
  choices("scanner-kind", faults["scanner-kind"], kind => words().kind[kind], kind => order({ scanner_kind: kind }), parts["scanner-kind"]);
  for (const button of $("scanner-kind").children) button.classList.remove("fault");
  choices("slips", slips, slipWord, name => order({ present: name }));
  choices("cards", faults.cards, name => words().card[name] || name,
    kind => order({ card: "insert", kind, fault: nextCardFault }), card?.inserted ? card.kind : "");
  for (const button of $("cards").children) button.classList.remove("fault");
  choices("card-faults", faults.card, faultWord, fault => { nextCardFault = fault; show(); }, nextCardFault);
  showCard(card);
  showPhone(parts.phone);
  $("jack").setAttribute("aria-checked", parts.jack);
  $("jack").onclick = () => order({ jack: !parts.jack });
  showSwitch("mains", !parts.mains, lost => order({ mains: !lost }));
  showSwitch("power", terminal?.state === "off", off => order({ power: !off }));
  showTerminal(terminal);
  showPaper(printer);
}

function showSwitch(id, on, press) {
  $(id).setAttribute("aria-checked", on);
  $(id).classList.add("fault");
  $(id).onclick = () => press(!on);
}

// Each message in the direction of its own language.
function showPhone(messages) {
  $("phone").hidden = !messages;
  $("no-messages").hidden = Boolean(messages?.length);
  $("messages").replaceChildren(...(messages || []).map(text => {
    const message = document.createElement("p");
    message.dir = "auto";
    message.textContent = text;
    return message;
  }));
}

function showCard(card) {
  const reader = Boolean(card?.reader);
  for (const button of [...$("cards").children, ...$("card-faults").children]) button.disabled = !reader;
  $("card-out").disabled = $("card-tear").disabled = !card?.inserted;
  const kind = card?.inserted && card.kind === "expired" ? "expired" : "passport";
  $("lines").onclick = () => order({ lines_of: kind });
  $("printed").textContent = words().printed(parts.printed[kind]);
  const { no_reader_here, reader_empty, reader_waits, reader_reads } = words();
  $("in-reader").textContent = parts.reader !== "none" ? words().fault[parts.reader]
    : !reader ? no_reader_here : !card.inserted ? reader_empty
    : card.commands ? `${reader_reads} ${card.commands}` : reader_waits;
}

// ---- the screen --------------------------------------------------------------------------------------------------

function showTerminal(terminal) {
  const lit = terminal?.state === "on";
  $("dark").hidden = lit;
  $("dark").textContent = terminal?.state === "starting" ? words().starting : words().off;
  $("glass").dataset.screen = lit ? terminal.screen : "";
  $("glass").dataset.shows = lit ? terminal.shows : "";
  $("screen").alt = [words().screen_alt, ...(lit ? terminal.says : [])].join("\n");
  const targets = lit ? terminal.targets : [];
  const known = JSON.stringify(targets);
  if ($("targets").dataset.known === known) return;
  $("targets").dataset.known = known;
  $("targets").replaceChildren(...targets.map(([name, left, top, width, height]) => {
    const button = document.createElement("button");
    button.setAttribute("aria-label", name);
    const place = { left, top, width, height };
    for (const [side, share] of Object.entries(place)) button.style[side] = `${share * 100}%`;
    button.addEventListener("click", event => {
      event.stopPropagation();
      // A key pressed on it has no place of its own: its middle is touched.
      event.detail ? touch(event) : inTurn({ tap: [left + width / 2, top + height / 2] });
    });
    return button;
  }));
}

function touch(event) {
  const box = $("glass").getBoundingClientRect();
  inTurn({ tap: [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height] });
}

// One picture is asked for after the other has come: a slow link gets fewer, never a queue of them.
async function watchScreen() {
  let frame = 0;
  for (;;) {
    try {
      const answer = await fetch(`screen?after=${frame}`);
      if (answer.status === 200) {
        const old = $("screen").src;
        frame = Number(answer.headers.get("X-Frame"));
        $("screen").src = URL.createObjectURL(await answer.blob());
        await $("screen").decode();
        if (old) URL.revokeObjectURL(old);
        $("glass").dataset.frame = frame;
      } else if (answer.status !== 204) throw new Error(answer.status);
    } catch {
      frame = 0;
      await new Promise(resolve => setTimeout(resolve, 1000));
    }
  }
}

// ---- the paper ---------------------------------------------------------------------------------------------------

let hangingRows = -1;
async function showPaper(printer) {
  if (!printer) return;
  const papers = $("papers");
  const names = [...printer.papers].reverse();
  const shown = [...papers.querySelectorAll("img.cut")].map(image => image.dataset.name);
  if (shown.join() !== names.join()) {
    const hanging = papers.querySelector("img.hanging");
    papers.replaceChildren(...(hanging ? [hanging] : []), ...names.map(name => {
      const image = new Image();
      image.className = "cut";
      image.dataset.name = name;
      image.alt = `${words().paper}: ${name}`;
      image.src = `paper/${name}`;
      return image;
    }));
  }
  $("no-paper").hidden = Boolean(names.length || printer.hanging);
  if (printer.hanging === hangingRows) return;
  hangingRows = printer.hanging;
  let hanging = papers.querySelector("img.hanging");
  if (!hangingRows) {
    hanging?.remove();
    return;
  }
  if (!hanging) {
    hanging = new Image();
    hanging.className = "hanging";
    hanging.alt = words().paper;
    papers.prepend(hanging);
  }
  hanging.src = `paper/hanging.png?rows=${hangingRows}`;
}

// ---- the log -----------------------------------------------------------------------------------------------------

function showLine({ at, what, about }) {
  const line = document.createElement("li");
  line.dataset.what = what;
  line.dataset.about = about;
  const time = document.createElement("time");
  time.textContent = new Date(at * 1000).toLocaleTimeString("en-GB");
  const told = document.createElement("span");
  told.textContent = eventWord(what);
  const concerned = document.createElement("bdi");
  concerned.textContent = ["presented", "no_code", "unplugged"].includes(what) && about !== "dropped"
    ? slipWord(about)
    : what === "screen" ? screenWord(about.split(" "))
    : what === "journal" ? about : eventWord(about);
  line.append(time, told, concerned);
  $("log").prepend(line);
  while ($("log").children.length > LOG_LINES) $("log").lastChild.remove();
}

// ---- all together ------------------------------------------------------------------------------------------------

$("languages").addEventListener("click", event => event.target.value && speak(event.target.value));
$("glass").addEventListener("click", touch);
$("refill").addEventListener("click", () => order({ refill: "full" }));
$("short-roll").addEventListener("click", () => order({ refill: "short" }));
$("card-out").addEventListener("click", () => order({ card: "remove" }));
$("card-tear").addEventListener("click", () => order({ card: "tear" }));
for (const key of $("keys").children) {
  const hold = down => {
    if (key.classList.contains("held") === down) return;
    key.classList.toggle("held", down);
    inTurn({ key: key.value, down });
  };
  key.addEventListener("pointerdown", event => { key.setPointerCapture(event.pointerId); hold(true); });
  key.addEventListener("keydown", event => { if ([" ", "Enter"].includes(event.key)) hold(true); });
  for (const end of ["pointerup", "pointercancel", "keyup", "blur"]) key.addEventListener(end, () => hold(false));
}
$("drop").addEventListener("change", event => {
  const [file] = event.target.files;
  if (file) send("slips", file);
  event.target.value = "";
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, event => {
    event.preventDefault();
    $("drop").classList.toggle("over", kind === "dragover");
    const [file] = kind === "drop" ? event.dataTransfer.files : [];
    if (file) send("slips", file);
  });
}

const events = new EventSource("events");
events.addEventListener("message", ({ data }) => {
  const news = JSON.parse(data);
  parts = news.parts;
  const last = log.at(-1)?.number ?? 0;
  // A dock that was started again counts its lines from one again.
  const fresh = news.log.filter(line => line.number > last || line.at > log.at(-1).at);
  for (const line of fresh) {
    log.push(line);
    showLine(line);
  }
  log.splice(0, log.length - LOG_LINES);
  if ($("said").dataset.lost) {
    delete $("said").dataset.lost;
    say("done");
  }
  show();
});
events.addEventListener("error", () => {
  $("said").dataset.lost = "yes";
  say("link_lost");
});
speak(language);
watchScreen();
