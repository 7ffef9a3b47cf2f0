// The page of a finding. What it shows is the JSON in #data, which checker/report/page_data.cpp describes.
//
// There is one state: which row is current. Everything shown follows from that, by show(). Text of the program becomes
// text nodes and nothing else.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { rows, locations, files } = data;
  const byId = (id) => document.getElementById(id);

  /** An element with a class, and children that are elements or text. */
  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  // --- What relates to what -----------------------------------------------------------------------

  const lanes = data.threads.map((name, thread) => ({ name, thread })).filter((lane) => lane.name !== null);
  const laneOf = new Map(lanes.map((lane, nth) => [lane.thread, nth]));
  const arrowsOf = rows.map(() => []);
  for (const [kind, from, to] of data.arrows) {
    arrowsOf[from].push({ kind, from, to });
    if (to !== from) arrowsOf[to].push({ kind, from, to });
  }
  const related = (row, kind, isFrom) =>
    arrowsOf[row].filter((arrow) => arrow.kind === kind && (isFrom ? arrow.from : arrow.to) === row)
      .map((arrow) => (isFrom ? arrow.to : arrow.from));

  /** Does row a happen before row b? */
  function happensBefore(a, b) {
    if (a === b) return false;
    if (rows[a].thread === rows[b].thread) return a < b;
    return (rows[b].hb[rows[a].thread] || 0) > rows[a].at;
  }

  for (const row of rows) row.text = row.text.replaceAll(" -> ", " → ");  // which is not broken in its middle
  const name = (row) => (rows[row].number > 0 ? `#${rows[row].number} ` : "") + rows[row].text;

  /** Of each location the last write in co among the rows up to one: a row, or -1. */
  function memoryAfter(now) {
    const last = locations.map(() => -1);
    for (let row = 0; row <= now; ++row) {
      const { location, co } = rows[row];
      if (co === undefined) continue;
      if (last[location] < 0 || rows[last[location]].co < co) last[location] = row;
    }
    return last;
  }
  const valueOf = (location, write) => (write < 0 ? locations[location].initial : rows[write].writes);
  const queueOf = (location, write) => (write < 0 ? locations[location].queue : rows[write].queue);

  // --- Once ---------------------------------------------------------------------------------------

  function showSummary() {
    document.title = `${data.title} – Lockstep`;
    document.body.classList.toggle("is-right", !data.wrong);
    byId("verdict").textContent = data.wrong ? "An execution is wrong" : "An execution";
    byId("title").textContent = data.title;
    const events = rows.filter((row) => row.number > 0).length;
    const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
    byId("facts").textContent = [`memory model ${data.model}`, count(lanes.length, "thread"), count(events, "event")].join(" · ");
    for (const site of data.about) byId("about").append(siteCard(site));
    showWhy();
    byId("report").textContent = data.report;
    byId("token").textContent = data.token;
    byId("repeat").textContent = data.repeat;
    byId("repeat-section").hidden = data.token === "";
    byId("printed-section").hidden = data.printed.length === 0;
    byId("printed").textContent = data.printed
      .map(({ thread, text }) => text.replace(/\n$/, "").split("\n").map((line) => `thread ${thread}  ${line}`).join("\n"))
      .join("\n");
    document.querySelector(".of-wrong").hidden = !rows.some((row) => row.marked);
  }

  function siteCard(site) {
    const [file, line, , place] = site.calls[0] || [-1, 0, "", ""];
    const code = sourceLine(file, line);
    const head = make("span", "site-text", site.text);
    const card = make(site.row >= 0 ? "button" : "div", "site", head, make("span", "", make("span", "site-place mono", place), " ",
      code === "" ? null : make("code", "site-code", ...coloured(code.trim()))));
    if (site.row >= 0) {
      card.type = "button";
      card.addEventListener("click", () => go(site.row, true));
    }
    return card;
  }

  /** Sentences, of which those that are indented belong to the one before; or, of a history, a table of text. */
  function showWhy() {
    for (const { heading, lines } of data.why) {
      if (heading === "") {
        byId("why").append(make("pre", "", lines.join("\n").replace(/^\n+/, "")));
        continue;
      }
      byId("why").append(make("h2", "", heading.replace(/:$/, "")));
      for (const line of lines) byId("why").append(make("p", line.startsWith("  ") ? "detail" : "", ...linked(line.trim())));
    }
  }

  /** A sentence, with each "#7" in it a button that leads there. */
  function linked(sentence) {
    return sentence.split(/(#\d+)/).map((part) => {
      const row = /^#\d+$/.test(part) ? rows.findIndex(({ number }) => `#${number}` === part) : -1;
      return row < 0 ? part : shortJump(row);
    });
  }

  function buildHeads() {
    for (const lane of lanes) {
      const head = make("span", "head", make("b", "", String(lane.thread)), make("span", "head-name", lane.name));
      head.style.setProperty("--lane", laneOf.get(lane.thread));
      byId("heads").append(head);
    }
    byId("diagram").style.setProperty("--lanes", lanes.length);
  }

  const kindOfDot = (row) => (row.number === 0 ? "wrong" : row.kind);

  function buildRows() {
    rows.forEach((row, nth) => {
      const text = make("span", "text");
      if (row.number > 0) text.append(make("span", "number", `#${row.number}`), " ");
      text.append(...emphasized(row));
      if (row.newer !== undefined) text.append(" ", make("span", "older", "older value"));
      const button = make("button", "row", make("i", `dot ${kindOfDot(row)}`), text, make("span", "place", row.place), make("span", "order"));
      button.type = "button";
      button.id = `row-${nth}`;
      button.tabIndex = -1;
      button.style.setProperty("--lane", laneOf.get(row.thread));
      button.classList.toggle("marked", row.marked);
      button.setAttribute("aria-label", spoken(nth));
      button.addEventListener("click", () => go(nth));
      button.addEventListener("pointerenter", () => highlight(nth));
      button.addEventListener("pointerleave", () => highlight(current));
      byId("rows").append(make("li", "", button));
    });
  }

  /** The text of an event, the location's name set off, and the memory order. */
  function emphasized(row) {
    const location = row.location === undefined ? "" : locations[row.location].name;
    const at = location === "" ? -1 : row.text.indexOf(` ${location} `);
    if (at < 0) return [row.text];
    const before = row.text.slice(0, at + 1);
    return [before, make("b", "", location), row.text.slice(at + 1 + location.length)];
  }

  function spoken(nth) {
    const row = rows[nth];
    const parts = [`Step ${nth + 1} of ${rows.length}`, data.threads[row.thread], name(nth).replaceAll(" → ", " to ")];
    if (row.place) parts.push(`at ${row.place}`);
    if (row.marked && data.wrong) parts.push("this is what the error is about");
    if (row.newer !== undefined) parts.push(`an older value: #${rows[row.newer].number} has overwritten it`);
    return parts.join(", ");
  }

  // --- The current row ----------------------------------------------------------------------------

  let current = rows.length - 1;
  const left = [];  // rows that were jumped from
  const shown = new Set(["rf", "sw"]);

  function go(row, isFar = false) {
    if (row < 0 || row >= rows.length) return;
    const hadFocus = byId("rows").contains(document.activeElement);
    if (isFar) left.push(current);
    current = row;
    show();
    const button = byId(`row-${row}`);
    if (hadFocus) button.focus({ preventScroll: true });
    reveal(button);
    byId("said").textContent = `${spoken(row)}. ${changesAt(row)}`;
  }

  /** Scrolls no farther than it must, past what sticks to the edges. */
  function reveal(button) {
    const box = button.getBoundingClientRect();
    const now = document.querySelector(".now").getBoundingClientRect();
    const isSheet = getComputedStyle(document.querySelector(".now")).position === "sticky" && now.width > innerWidth * 0.8;
    const bottom = innerHeight - (isSheet ? now.height : 0) - 12;
    const top = 48;
    if (box.top < top) scrollBy(0, box.top - top);
    else if (box.bottom > bottom) scrollBy(0, box.bottom - bottom);
  }

  function changesAt(row) {
    const { location, writes, co } = rows[row];
    return co === undefined || memoryAfter(row)[location] !== row ? "" : `${locations[location].name} is now ${writes}.`;
  }

  function show() {
    rows.forEach((_, nth) => {
      const button = byId(`row-${nth}`);
      button.tabIndex = nth === current ? 0 : -1;
      button.classList.toggle("to-come", nth > current);
      if (nth === current) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    byId("slider").value = current;
    byId("slider").setAttribute("aria-valuetext", `${current + 1} of ${rows.length}`);
    byId("count").textContent = `${current + 1} / ${rows.length}`;
    byId("first").disabled = byId("back").disabled = current === 0;
    byId("last").disabled = byId("forward").disabled = current === rows.length - 1;
    showEvent();
    showMemory();
    showThreads();
    showCalls();
    showOrder();
    highlight(current);
  }

  function showEvent() {
    const row = rows[current];
    byId("event-heading").textContent = data.threads[row.thread];
    byId("event-text").textContent = name(current);
    byId("event-text").classList.toggle("marked", row.marked && data.wrong);
    const list = byId("relations");
    list.replaceChildren();
    const add = (kind, says, targets) => {
      if (targets.length === 0) return;
      const item = make("li", kind, make("span", "says", says));
      for (const target of targets) item.append(" ", jump(target));
      list.append(item);
    };
    if (row.sees === -1) list.append(make("li", "rf", make("span", "says", `sees the initial value, ${row.reads}`)));
    add("rf", "sees", related(current, "rf", false));
    if (row.newer !== undefined) add("wrong", "which is older than", [row.newer]);
    add("rf", "is seen by", related(current, "rf", true));
    add("sw", "synchronizes with", related(current, "sw", false));
    add("sw", "is synchronized with by", related(current, "sw", true));
    add("co", "overwrites", related(current, "co", false));
    add("co", "is overwritten by", related(current, "co", true));
    add("wake", "is woken by", related(current, "wake", false));
    add("wake", "wakes", related(current, "wake", true));
    add("wrong", "is not ordered with", related(current, "race", true).concat(related(current, "race", false)));
    add("wrong", "waits for", related(current, "waits", true));
    add("wrong", "is waited for by", related(current, "waits", false));
    add("wrong", "came after the wake", related(current, "misses", true));
    add("wrong", "is a wake that came too early for", related(current, "misses", false));
  }

  function jump(row) {
    const button = make("button", "jump", name(row));
    button.type = "button";
    button.addEventListener("click", () => go(row, true));
    return button;
  }

  function showMemory() {
    const after = memoryAfter(current);
    const before = memoryAfter(current - 1);
    const body = byId("memory");
    body.replaceChildren();
    locations.forEach((location, nth) => {
      const write = after[nth];
      const value = make("td", "value", cell(nth, write));
      if (write !== before[nth]) value.append(" ", make("span", "was", `was ${valueOf(nth, before[nth])}`));
      const where = make("th", "mono", location.name);
      where.scope = "row";
      where.title = location.full;
      if (location.kind !== "value") where.append(" ", make("span", "kind", location.kind));
      const by = make("td", "by");
      if (write < 0) by.append("initial");
      else by.append(shortJump(write));
      const line = make("tr", "", where, value, by);
      line.classList.toggle("changed", write !== before[nth]);
      line.classList.toggle("touched", rows[current].location === nth);
      body.append(line);
    });
    if (locations.length === 0) body.append(make("tr", "", make("td", "", "no atomic was touched")));
  }

  function cell(location, write) {
    const queue = queueOf(location, write);
    if (queue === undefined) return make("span", "mono", valueOf(location, write));
    if (queue.length === 0) return make("span", "nobody", "nobody");
    const list = make("span", "queue");
    for (const thread of queue) list.append(make("span", "sleeper", `thread ${thread}`));
    return list;
  }

  function shortJump(row) {
    const button = make("button", "jump", `#${rows[row].number}`);
    button.type = "button";
    button.setAttribute("aria-label", `To ${name(row)}`);
    button.addEventListener("click", () => go(row, true));
    return button;
  }

  /** What each thread is at, as far as the events say. */
  function showThreads() {
    const after = memoryAfter(current);
    const list = byId("threads");
    list.replaceChildren();
    for (const { thread, name: called } of lanes) {
      const own = rows.map((row, nth) => ({ row, nth })).filter(({ row }) => row.thread === thread);
      const done = own.filter(({ nth }) => nth <= current);
      const last = done.length > 0 ? done[done.length - 1].row : null;
      let state = "runs";
      const asleep = locations.findIndex((_, nth) => (queueOf(nth, after[nth]) || []).includes(thread));
      if (last !== null && last.kind === "end") state = "has ended";
      else if (last !== null && last.marked && last.number === 0 && data.wrong) state = last.text;
      else if (asleep >= 0) state = `sleeps: ${locations[asleep].kind} ${locations[asleep].name}`;
      else if (last === null && thread !== 0 && !isCreated(thread)) state = "is not created yet";
      else if (last === null) state = "has not begun";
      const item = make("li", "", make("b", "", called), " ", make("span", "state", state));
      item.classList.toggle("is-current", rows[current].thread === thread);
      list.append(item);
    }
  }
  const isCreated = (thread) => rows.some((row, nth) => nth <= current && row.kind === "create" && row.text.startsWith(`create thread ${thread}`) &&
    !/\d/.test(row.text.charAt(`create thread ${thread}`.length)));

  /** With hb shown: of each row how it stands to the current one. */
  function showOrder() {
    rows.forEach((_, nth) => {
      const button = byId(`row-${nth}`);
      let says = "";
      if (shown.has("hb") && nth !== current) {
        says = happensBefore(nth, current) ? "before" : happensBefore(current, nth) ? "after" : "not ordered";
      }
      button.querySelector(".order").textContent = says;
      button.dataset.order = says;
    });
  }

  // --- Source -------------------------------------------------------------------------------------

  function sourceLine(file, line) {
    if (file < 0) return "";
    return files[file].lines[line - files[file].first] ?? "";
  }

  function showCalls() {
    const box = byId("calls");
    box.replaceChildren();
    const { calls } = rows[current];
    calls.forEach(([, , called, place], nth) => {
      const button = make("button", "call", place);
      button.type = "button";
      button.title = called;
      button.setAttribute("aria-pressed", String(nth === 0));
      button.setAttribute("aria-label", `${nth === 0 ? "At" : "Called from"} ${place}, in ${called}`);
      button.addEventListener("click", () => {
        for (const other of box.children) other.setAttribute("aria-pressed", String(other === button));
        showSource(calls[nth]);
      });
      box.append(button);
    });
    showSource(calls[0]);
  }

  function showSource(call) {
    const code = byId("code");
    const [file, line] = call || [-1, 0];
    if (file < 0 || files[file].lines.length === 0) {
      code.replaceChildren(make("p", "none", "The source of this is not known."));
      code.dataset.file = "";
      return;
    }
    if (code.dataset.file !== String(file)) listSource(code, file);
    for (const old of code.querySelectorAll(".is-current")) {
      old.classList.remove("is-current", "marked");
      old.removeAttribute("aria-current");
    }
    const here = code.children[line - files[file].first];
    if (!here) return;
    here.classList.add("is-current");
    here.classList.toggle("marked", rows[current].marked && data.wrong);
    here.setAttribute("aria-current", "true");
    code.scrollTop = here.offsetTop - code.clientHeight / 2 + here.offsetHeight / 2;
  }

  function listSource(code, file) {
    code.dataset.file = String(file);
    code.setAttribute("aria-label", `Source of ${files[file].name}`);
    const used = new Set(rows.flatMap((row) => row.calls.filter((call) => call[0] === file).map((call) => call[1])));
    code.replaceChildren(...files[file].lines.map((text, nth) => {
      const number = files[file].first + nth;
      const line = make("div", "line", make("span", "line-number", String(number)), make("span", "line-text", ...coloured(text)));
      line.classList.toggle("is-used", used.has(number));
      return line;
    }));
  }

  const words = new Set(("alignas auto bool break case catch char class concept const constexpr continue default delete do double else enum explicit " +
    "extern false final float for friend if inline int long mutable namespace new noexcept nullptr operator override private protected public " +
    "requires return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef " +
    "typename union unsigned using virtual void volatile while co_await co_return co_yield").split(" "));

  /** Comments, strings, numbers and keywords of a line of C++, each in an element. */
  function coloured(text) {
    const parts = [];
    const pattern = /(\/\/.*$|\/\*.*?(?:\*\/|$))|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\b\d[\w.']*)|([A-Za-z_]\w*)|(^\s*#\s*\w+)/g;
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      const [all, comment, string, number, word, directive] = match;
      const kind = comment ? "comment" : string ? "string" : number ? "literal" : directive || words.has(word) ? "keyword" : "";
      if (kind === "") continue;
      parts.push(text.slice(end, match.index), make("span", kind, all));
      end = match.index + all.length;
    }
    parts.push(text.slice(end));
    return parts.filter((part) => part !== "");
  }

  // --- Arrows -------------------------------------------------------------------------------------

  const most = 400;  // rows, beyond which only the arrows of one row are drawn
  const svg = byId("arrows");
  const draw = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const shapeOf = { race: "wrong", waits: "wrong", misses: "wrong" };
  let dots = [];  // where each row's dot is
  let active = current;

  /** Lanes as wide as their text if that fits, else as narrow as rails, with all text to their right. */
  function place() {
    const box = byId("diagram");
    const width = box.clientWidth;
    const longest = Math.max(0, ...rows.map((row) => row.place.length));
    const gutter = Math.min(width * 0.3, longest * 7.4 + 34);
    const wide = (width - gutter) / lanes.length;
    const narrow = Math.max(12, Math.min(28, (width * 0.4) / lanes.length));
    const isWide = wide >= 190;
    box.dataset.layout = isWide ? "columns" : "rails";
    box.style.setProperty("--lane-width", `${isWide ? wide : narrow}px`);
    box.style.setProperty("--gutter", `${gutter}px`);
    const origin = svg.getBoundingClientRect();
    dots = rows.map((_, nth) => {
      const row = byId(`row-${nth}`).getBoundingClientRect();
      const dot = byId(`row-${nth}`).querySelector(".dot").getBoundingClientRect();
      return { x: dot.left + dot.width / 2 - origin.left, y: dot.top + dot.height / 2 - origin.top, top: row.top - origin.top, bottom: row.bottom - origin.top };
    });
    drawArrows();
  }

  /** From dot to dot. Within a lane a bow to its left; between rails an S; between columns along the edges of rows and
      the left side of the right column, where no text is. */
  function pathOf(from, to) {
    const a = dots[from], b = dots[to];
    const down = Math.sign(b.y - a.y) || 1;
    const gap = 8 * down;
    if (Math.abs(a.x - b.x) < 1) {
      const bow = Math.min(24, 8 + Math.abs(b.y - a.y) / 12);
      return `M${a.x - 4} ${a.y + gap}C${a.x - bow} ${a.y + gap * 2},${b.x - bow} ${b.y - gap * 2},${b.x - 4} ${b.y - gap}`;
    }
    if (byId("diagram").dataset.layout === "rails") {
      const bend = Math.max(14, Math.abs(b.y - a.y) * 0.45) * down;
      return `M${a.x} ${a.y + gap}C${a.x} ${a.y + gap + bend},${b.x} ${b.y - gap - bend},${b.x} ${b.y - gap}`;
    }
    const right = Math.max(a.x, b.x);
    const x = right - 13 - 5 * trackOf(right, a.y, b.y);
    const points = a.x < b.x
      ? [[a.x, a.y + gap], [a.x, down > 0 ? a.bottom : a.top], [x, down > 0 ? a.bottom : a.top], [x, b.y], [b.x - 9, b.y]]
      : [[a.x - 8, a.y], [x, a.y], [x, down > 0 ? b.top : b.bottom], [b.x, down > 0 ? b.top : b.bottom], [b.x, b.y - gap]];
    return rounded(points);
  }

  /** Which of the lines beside a column is free between two heights. */
  let tracks = new Map();
  function trackOf(x, y, other) {
    const from = Math.min(y, other), to = Math.max(y, other);
    if (!tracks.has(x)) tracks.set(x, []);
    const used = tracks.get(x);
    for (let track = 0; track < 4; ++track) {
      used[track] ??= [];
      if (used[track].some(([begin, end]) => begin < to && from < end)) continue;
      used[track].push([from, to]);
      return track;
    }
    return 0;
  }

  /** A line through points, its corners rounded. */
  function rounded(points) {
    let path = `M${points[0]}`;
    for (let i = 1; i + 1 < points.length; ++i) {
      const [before, here, after] = points.slice(i - 1, i + 2);
      const toward = ([x, y]) => {
        const dx = x - here[0], dy = y - here[1];
        const length = Math.hypot(dx, dy) || 1;
        const part = Math.min(7, length / 2) / length;
        return [here[0] + dx * part, here[1] + dy * part];
      };
      path += `L${toward(before)}Q${here} ${toward(after)}`;
    }
    return `${path}L${points[points.length - 1]}`;
  }

  function arrowHead(kind) {
    const marker = draw("marker", { id: `head-${kind}`, viewBox: "0 0 8 8", refX: 6.5, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse", markerUnits: "userSpaceOnUse" });
    marker.append(draw("path", { d: "M0 0L8 4L0 8z", class: `head ${kind}` }));
    return marker;
  }

  function drawArrows() {
    const defs = draw("defs", {});
    tracks = new Map();
    for (const kind of ["rf", "sw", "asw", "co", "wake", "wrong"]) defs.append(arrowHead(kind));
    svg.replaceChildren(defs);
    for (const { thread } of lanes) drawLane(thread);
    for (const { from, to } of data.calls) drawCall(from, to);
    const all = rows.length <= most ? data.arrows.map(([kind, from, to]) => ({ kind, from, to })) : arrowsOf[active];
    const isActive = ({ from, to }) => from === active || to === active;
    const isSync = new Set(all.filter(({ kind }) => kind === "sw").map(({ from, to }) => `${from} ${to}`));
    const drawn = all.filter((arrow) => {
      const both = isSync.has(`${arrow.from} ${arrow.to}`);
      return !(both && (arrow.kind === "wake" || (arrow.kind === "rf" && (shown.has("sw") || isActive(arrow)))));
    });
    for (const arrow of drawn) drawArrow(arrow, isActive(arrow));
    svg.append(...svg.querySelectorAll(".is-active"));  // on top
  }

  function drawLane(thread) {
    const own = rows.map((_, nth) => nth).filter((nth) => rows[nth].thread === thread);
    if (own.length === 0) return;
    const first = dots[own[0]], last = dots[own[own.length - 1]];
    svg.append(draw("line", { x1: first.x, x2: first.x, y1: 0, y2: first.y, class: "lane before" }));
    svg.append(draw("line", { x1: first.x, x2: first.x, y1: first.y, y2: last.y, class: "lane" }));
  }

  /** From its call to its return, an operation of a history. */
  function drawCall(from, to) {
    const a = dots[from], b = dots[to];
    svg.append(draw("line", { x1: a.x, x2: a.x, y1: a.y, y2: b.y, class: "operation" }));
  }

  function drawArrow({ kind, from, to }, isActive) {
    const isWrong = kind in shapeOf;
    const isWithin = rows[from].thread === rows[to].thread;
    if (!isActive && !isWrong && kind !== "wake" && !shown.has(kind)) return;
    if (!isActive && isWithin && kind === "rf") return;
    const isOfThreads = kind === "sw" && ["create", "end"].includes(rows[from].kind);
    const shape = isOfThreads ? "asw" : shapeOf[kind] || kind;
    const path = draw("path", { d: pathOf(from, to), class: `arrow ${isOfThreads ? "" : kind} ${shape}${isActive ? " is-active" : ""}`, "marker-end": `url(#head-${shape})`, "data-from": from, "data-to": to });
    if (kind === "race") path.setAttribute("marker-start", "url(#head-wrong)");
    svg.append(path);
  }

  /** The arrows of a row, and the rows at their other ends. */
  function highlight(row) {
    active = row;
    for (const old of document.querySelectorAll(".row.is-related")) old.classList.remove("is-related");
    for (const { from, to } of arrowsOf[row]) byId(`row-${from === row ? to : from}`).classList.add("is-related");
    if (dots.length > 0) drawArrows();
  }

  // --- Keys and buttons ---------------------------------------------------------------------------

  const inThread = (direction) => {
    for (let row = current + direction; row >= 0 && row < rows.length; row += direction) {
      if (rows[row].thread === rows[current].thread) return row;
    }
    return -1;
  };
  const first = (targets) => (targets.length === 0 ? -1 : targets[0]);
  /** The one after the current, so that a key pressed again and again goes round. */
  const nextMarked = () => {
    const marked = rows.map((_, nth) => nth).filter((nth) => rows[nth].marked);
    return marked.find((nth) => nth > current) ?? first(marked);
  };
  const jumps = {
    r: () => first(related(current, "rf", false).concat(related(current, "rf", true))),
    s: () => first(related(current, "sw", false).concat(related(current, "sw", true))),
    c: () => first(related(current, "co", true)),
    C: () => first(related(current, "co", false)),
    w: nextMarked,
  };
  const moves = {
    ArrowDown: () => current + 1,
    ArrowUp: () => current - 1,
    ArrowRight: () => inThread(1),
    ArrowLeft: () => inThread(-1),
    Home: () => 0,
    End: () => rows.length - 1,
  };

  function toggle(relation) {
    if (!shown.delete(relation)) shown.add(relation);
    for (const button of document.querySelectorAll(".relation")) {
      button.setAttribute("aria-pressed", String(shown.has(button.dataset.relation)));
    }
    showOrder();
    drawArrows();
  }

  function onKey(event) {
    const focused = document.activeElement;
    const isHere = focused === document.body || document.querySelector(".execution").contains(focused);
    if (!isHere || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) go(moves[event.key]());
    else if (event.key in jumps) go(jumps[event.key](), true);
    else if (event.key === "h") toggle("hb");
    else if (event.key === "b") go(left.pop() ?? -1);
    else return;
    event.preventDefault();
  }

  function connect() {
    byId("slider").max = rows.length - 1;
    byId("slider").addEventListener("input", (event) => go(Number(event.target.value)));
    for (const [id, key] of [["first", "Home"], ["back", "ArrowUp"], ["forward", "ArrowDown"], ["last", "End"]]) {
      byId(id).addEventListener("click", () => go(moves[key]()));
    }
    for (const button of document.querySelectorAll(".relation")) {
      button.setAttribute("aria-pressed", String(shown.has(button.dataset.relation)));
      button.addEventListener("click", () => toggle(button.dataset.relation));
    }
    byId("copy").addEventListener("click", copyCommand);
    document.addEventListener("keydown", onKey);
    new ResizeObserver(place).observe(byId("diagram"));
  }

  /** A page from a file may not use the clipboard: then the command is selected. */
  async function copyCommand() {
    try {
      await navigator.clipboard.writeText(data.repeat);
      byId("copy").textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(byId("repeat"));
      byId("copy").textContent = "Selected";
    }
  }

  showSummary();
  buildHeads();
  buildRows();
  connect();
  if (rows.length > 0) show();
  place();
})();
