// tests/page/page_test.mjs: the pages of six programs, in Chromium: does each load by itself, step, follow, mark and fit?
// LOCKSTEP_PAGES is the folder with the pages; with LOCKSTEP_SCREENSHOTS, pictures of them go to that folder.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { leastContrasts } from "./contrast.mjs";

const names = ["race", "asleep", "stale", "history", "eight_threads", "markup"];
const folder = process.env.LOCKSTEP_PAGES;
const pictures = process.env.LOCKSTEP_SCREENSHOTS;
let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.LOCKSTEP_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--headless", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
});
after(() => browser?.close());

/** A page that was opened, what it complained of, and what it asked for. */
async function open(name, { width = 1280, height = 900, colorScheme = "light" } = {}) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  const complaints = [], requests = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  const url = pathToFileURL(path.join(folder, `${name}.html`)).href;
  await page.goto(url);
  return { page, complaints, requests, url };
}

async function on(name, options, look) {
  const opened = await open(name, options);
  try {
    await look(opened.page, opened);
    assert.deepEqual(opened.complaints, []);
  } finally {
    await opened.page.close();
  }
}

const current = (page) => page.locator(".row[aria-current]");
const textOf = (page) => current(page).locator(".text").innerText();
/** What the table of the memory says of a location. */
const value = (page, location) => page.locator("#memory tr", { has: page.locator("th", { hasText: new RegExp(`^${location}( |$)`) }) }).locator(".value > *").first().innerText();
const step = (page) => page.locator("#count").innerText();

async function goTo(page, text) {
  await page.locator(".row", { hasText: text }).first().click();
  assert.match(await textOf(page), text);
}

for (const name of names) {
  describe(`The page of ${name}`, () => {
    let opened, page;
    before(async () => {
      opened = await open(name);
      page = opened.page;
    });
    after(() => page.close());

    test("says first what the text says first", async () => {
      const text = await page.locator("#report").textContent();
      assert.equal(await page.locator("h1").innerText(), text.split("\n")[0]);
    });

    test("tells each event to a screen reader, and each step as it is made", async () => {
      const labels = await page.locator(".row").evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label")));
      assert.ok(labels.length > 2);
      labels.forEach((label, nth) => assert.match(label, new RegExp(`^Step ${nth + 1} of ${labels.length}, thread \\d`)));
      await page.keyboard.press("ArrowUp");
      assert.ok((await page.locator("#said").textContent()).startsWith(labels[labels.length - 2]));
      await page.keyboard.press("End");
    });

    for (const [width, height, colorScheme] of [[1400, 1000, "light"], [1400, 1000, "dark"], [400, 850, "light"], [400, 850, "dark"]]) {
      test(`overflows nowhere and can be read, ${width} pixels wide, ${colorScheme}`, async () => {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        if (pictures) await page.screenshot({ path: path.join(pictures, `${name}-${width}-${colorScheme}.png`) });
        await page.locator(".row").nth(2).click();
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
        await page.keyboard.press("h");
        assert.deepEqual(await page.evaluate(tooWide), []);
        const [least] = await page.evaluate(leastContrasts);
        assert.ok(least.contrast >= 4.5, JSON.stringify(least));
        await page.keyboard.press("h");
        await page.keyboard.press("End");
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = false)));
      });
    }

    test("has not complained, and has asked for nothing but itself", () => {
      assert.deepEqual(opened.complaints, []);
      assert.deepEqual(opened.requests, [opened.url]);
    });
  });
}

/** What reaches over the right edge, but for what scrolls by itself; and the page if it can be scrolled to the side. */
function tooWide() {
  const isScrolled = (element) => element.closest(".code, pre, .unseen, svg, .skip") !== null;
  const wide = [...document.querySelectorAll("body *")]
    .filter((element) => !isScrolled(element) && element.getBoundingClientRect().right > innerWidth + 0.5)
    .map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`);
  if (document.documentElement.scrollWidth > innerWidth) wide.push("the page");
  return wide;
}

describe("Time", () => {
  test("goes forward and back, and the memory with it", () =>
    on("race", {}, async (page) => {
      const steps = await page.locator(".row").count();
      assert.equal(await step(page), `${steps} / ${steps}`);
      await page.keyboard.press("Home");
      assert.match(await textOf(page), /create thread 1/);
      assert.equal(await value(page, "ready"), "0");
      while (!/store ready/.test(await textOf(page))) {
        assert.equal(await value(page, "ready"), "0");
        await page.keyboard.press("ArrowDown");
      }
      assert.equal(await value(page, "ready"), "1");
      assert.match(await page.locator("#memory tr.changed").innerText(), /was 0/);
      await page.locator("#back").click();
      assert.equal(await value(page, "ready"), "0");
      await page.locator("#forward").click();
      await page.locator("#forward").click();
      assert.equal(await value(page, "ready"), "1");
      assert.equal(await page.locator("#memory tr.changed").count(), 0);
    }));

  test("ends at both ends", () =>
    on("stale", {}, async (page) => {
      await page.keyboard.press("ArrowDown");
      assert.equal(await page.locator("#forward").isDisabled(), true);
      await page.locator("#first").click();
      await page.keyboard.press("ArrowUp");
      assert.match(await step(page), /^1 \//);
      assert.equal(await page.locator("#back").isDisabled(), true);
    }));

  test("is what the slider sets", () =>
    on("eight_threads", {}, async (page) => {
      await page.locator("#slider").fill("3");
      assert.match(await step(page), /^4 \//);
      assert.match(await textOf(page), /create thread 4/);
    }));

  test("fills the queue of a futex, empties it, and shows who is left in it", () =>
    on("asleep", {}, async (page) => {
      const queue = () => page.locator("#memory tr", { has: page.locator(".kind", { hasText: "futex" }) }).locator(".value > *").first().innerText();
      const lengths = [];
      await page.keyboard.press("Home");
      assert.equal(await queue(), "nobody");
      const steps = await page.locator(".row").count();
      for (let i = 0; i < steps; ++i) {
        const text = await textOf(page);
        const asleep = ((await queue()).match(/thread \d/g) || []).length;
        const said = text.match(/→ \{(.*)\}/);
        if (said) assert.equal(asleep, said[1] === "" ? 0 : said[1].split(",").length, text);
        lengths.push(asleep);
        await page.keyboard.press("ArrowDown");
      }
      assert.ok(lengths.some((n) => n > 0));
      assert.equal(lengths.at(-1), 1);
      const threads = await page.locator("#threads").innerText();
      assert.match(threads, /sleeps on the futex/);
    }));

  test("creates threads, and ends them", () =>
    on("eight_threads", {}, async (page) => {
      const state = (thread) => page.locator("#threads li").nth(thread).locator(".state").innerText();
      await page.keyboard.press("Home");
      assert.equal(await state(1), "has not begun");
      assert.equal(await state(2), "is not created yet");
      await page.keyboard.press("End");
      assert.equal(await state(8), "has ended");
    }));
});

describe("What is wrong", () => {
  test("is marked: both accesses of a race, and what joins them", () =>
    on("race", {}, async (page) => {
      const marked = await page.locator(".row.marked .text").allInnerTexts();
      assert.equal(marked.length, 2);
      assert.match(marked.join(), /writes payload/);
      assert.match(marked.join(), /reads payload/);
      assert.equal(await page.locator("path.arrow.race").count(), 1);
      assert.match(await page.locator("#relations").innerText(), /is not ordered with (reads|writes) payload/);
    }));

  test("is explained by the sentences of the text", () =>
    on("race", {}, async (page) => {
      const report = await page.locator("#report").textContent();
      const sentences = await page.locator("#why p").allInnerTexts();
      assert.ok(sentences.length >= 3);
      for (const sentence of sentences) assert.ok(report.includes(sentence), sentence);
      assert.match(sentences.join(" "), /is relaxed and no release fence precedes it/);
    }));

  test("can be gone to, from its card and by a key", () =>
    on("race", {}, async (page) => {
      await page.locator("button.site", { hasText: "writes payload" }).click();
      assert.match(await textOf(page), /writes payload/);
      await page.locator("button.site", { hasText: "reads payload" }).click();
      assert.match(await textOf(page), /reads payload/);
      await current(page).focus();
      await page.keyboard.press("w");
      assert.match(await textOf(page), /writes payload/);
      await page.keyboard.press("w");
      assert.match(await textOf(page), /reads payload/);
    }));

  test("in a deadlock is who sleeps, and the wake that went to another", () =>
    on("asleep", {}, async (page) => {
      assert.match(await page.locator("#about").innerText(), /sleeps on the futex word/);
      assert.equal(await page.locator("path.arrow.waits").count(), 1);  // of main, for the end of who sleeps
      const sleeper = await page.locator("#event-heading").innerText();
      assert.equal(await page.locator("path.arrow.wake").count(), 1);
      await goTo(page, /futex wake/);
      await page.locator("#relations li.wake .jump").click();
      assert.match(await textOf(page), /wakes up/);
      assert.notEqual(await page.locator("#event-heading").innerText(), sleeper);
    }));

  test("may be a read of an older value, which is told", () =>
    on("stale", {}, async (page) => {
      assert.equal(await page.locator(".older").count(), 1);
      await page.locator(".row", { has: page.locator(".older") }).click();
      assert.match(await page.locator("#relations").innerText(), /sees the initial value, 0/);
      assert.match(await page.locator("#relations").innerText(), /which is older than #\d+ store/);
    }));

  test("in a history is told with the operations, which are drawn from call to return", () =>
    on("history", {}, async (page) => {
      assert.match(await page.locator("#why").innerText(), /It does not allow any of those that could come next/);
      assert.equal(await page.locator("line.operation").count(), 2);
    }));
});

describe("Relations", () => {
  test("are followed by keys: from a read to its write and back", () =>
    on("race", {}, async (page) => {
      await goTo(page, /load ready/);
      await page.keyboard.press("r");
      assert.match(await textOf(page), /store ready = 1/);
      assert.match(await page.evaluate(() => document.activeElement.textContent), /store ready/);
      await page.keyboard.press("r");
      assert.match(await textOf(page), /load ready/);
      await page.keyboard.press("b");
      assert.match(await textOf(page), /store ready/);
    }));

  test("are followed by their links", () =>
    on("race", {}, async (page) => {
      await goTo(page, /store ready/);
      await page.locator("#relations li.rf .jump").click();
      assert.match(await textOf(page), /load ready/);
    }));

  test("of co and sw have keys, too", () =>
    on("eight_threads", {}, async (page) => {
      await goTo(page, /0 → 1/);
      await page.keyboard.press("s");
      assert.match(await textOf(page), /create thread \d/);
      await page.keyboard.press("b");
      assert.match(await textOf(page), /0 → 1/);
      for (let n = 2; n <= 8; ++n) {
        await page.keyboard.press("c");
        assert.match(await textOf(page), new RegExp(`${n - 1} → ${n}`));
      }
      await page.keyboard.press("Shift+C");
      assert.match(await textOf(page), /6 → 7/);
    }));

  test("within a thread have the arrows to the sides", () =>
    on("eight_threads", {}, async (page) => {
      await page.keyboard.press("Home");
      for (let n = 2; n <= 8; ++n) {
        await page.keyboard.press("ArrowRight");
        assert.match(await textOf(page), new RegExp(`create thread ${n}`));
      }
      await page.keyboard.press("ArrowLeft");
      assert.match(await textOf(page), /create thread 7/);
    }));

  test("of hb are shown for the current event", () =>
    on("race", {}, async (page) => {
      await goTo(page, /store ready/);
      await page.keyboard.press("h");
      const order = (text) => page.locator(".row", { hasText: text }).locator(".order").innerText();
      assert.equal(await order("create thread 1"), "before");
      assert.equal(await order("writes payload"), "before");
      assert.equal(await order("load ready"), "not ordered");
      assert.equal(await order("reads payload"), "not ordered");
      await page.keyboard.press("h");
      assert.equal(await page.locator(".order:visible").count(), 0);
    }));

  test("are brought forward by hovering", () =>
    on("race", {}, async (page) => {
      await page.keyboard.press("Home");
      await page.locator(".row", { hasText: "load ready" }).hover();
      assert.match(await page.locator(".row.is-related .text").first().innerText(), /store ready/);
      assert.ok((await page.locator("path.arrow.is-active").count()) >= 1);
    }));

  test("are drawn from dot to dot, at every width", async () => {
    for (const width of [400, 1280]) {
      await on("race", { width }, async (page) => {
        await goTo(page, /load ready/);
        const far = await page.evaluate(() => [...document.querySelectorAll("path.arrow.rf")].map((path) => {
          const end = path.getPointAtLength(path.getTotalLength());
          const origin = document.getElementById("arrows").getBoundingClientRect();
          const dot = document.querySelector(`#row-${path.dataset.to} .dot`).getBoundingClientRect();
          return Math.hypot(dot.left + dot.width / 2 - origin.left - end.x, dot.top + dot.height / 2 - origin.top - end.y);
        }));
        assert.ok(far.length > 0 && far.every((distance) => distance < 15), `${width}: ${far}`);
      });
    }
  });
});

describe("The keyboard alone", () => {
  test("reaches everything, and one sees where it is", () =>
    on("race", {}, async (page) => {
      const reached = new Set();
      for (let i = 0; i < 60; ++i) {
        await page.keyboard.press("Tab");
        const where = await page.evaluate(() => {
          const element = document.activeElement;
          const style = getComputedStyle(element);
          return { is: element.id || [...element.classList][0] || element.tagName, seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
        });
        if (where.is === "BODY") break;
        assert.ok(where.seen, where.is);
        reached.add(where.is);
      }
      for (const wanted of ["skip", "site", "relation", "first", "slider", "forward", "jump", "code", "copy", "SUMMARY"]) {
        assert.ok([...reached].some((is) => is === wanted || (wanted === "forward" && is === "back")), `${wanted} of ${[...reached]}`);
      }
      assert.ok([...reached].some((is) => is.startsWith("row-")));
    }));

  test("moves the focus with the steps", () =>
    on("stale", {}, async (page) => {
      await current(page).focus();
      await page.keyboard.press("ArrowUp");
      assert.equal(await current(page).evaluate((row) => row === document.activeElement), true);
    }));

  test("leaves keys alone that are for the source", () =>
    on("race", {}, async (page) => {
      const before = await step(page);
      await page.locator("#code").focus();
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("r");
      assert.equal(await step(page), before);
    }));

  test("keeps the current event in sight, above the sheet of a narrow screen", () =>
    on("eight_threads", { width: 400, height: 800 }, async (page) => {
      for (const key of ["Home", "End", "ArrowUp", "Home"]) {
        await page.keyboard.press(key);
        const { row, sheet } = await page.evaluate(() => ({
          row: document.querySelector(".row[aria-current]").getBoundingClientRect().toJSON(),
          sheet: document.querySelector(".now").getBoundingClientRect().top,
        }));
        assert.ok(row.top >= 0 && row.bottom <= sheet, `${key}: ${row.top} to ${row.bottom}, sheet at ${sheet}`);
      }
    }));
});

describe("The source", () => {
  test("is beside the event, with its line", () =>
    on("race", {}, async (page) => {
      await goTo(page, /store ready/);
      assert.match(await page.locator(".line.is-current").innerText(), /ready\.store\(1, std::memory_order_relaxed\)/);
      assert.match(await page.locator(".call[aria-pressed=true]").innerText(), /race\.cpp:11/);
      const isInView = await page.evaluate(() => {
        const line = document.querySelector(".line.is-current").getBoundingClientRect();
        const code = document.getElementById("code").getBoundingClientRect();
        return line.top >= code.top && line.bottom <= code.bottom;
      });
      assert.equal(isInView, true);
    }));

  test("is that of a caller if asked for", () =>
    on("history", {}, async (page) => {
      await goTo(page, /load tickets/);
      const calls = page.locator(".call");
      assert.ok((await calls.count()) >= 2);
      const inner = await page.locator(".line.is-current").innerText();
      await calls.nth(1).click();
      assert.notEqual(await page.locator(".line.is-current").innerText(), inner);
    }));
});

describe("Repeating it", () => {
  test("takes the token and the command, which are there", () =>
    on("asleep", {}, async (page) => {
      const token = await page.locator("#token").innerText();
      assert.match(token, /^rc11\./);
      assert.equal(await page.locator("#repeat").innerText(), `lockstep check --replay=${token} --spurious-wakes=0 programs/asleep.c`);
    }));
});

describe("Markup in the program", () => {
  test("stays text", () =>
    on("markup", {}, async (page) => {
      assert.match(await page.title(), /^assertion failed/);
      assert.equal(await page.locator("script").count(), 2);
      assert.equal(await page.locator("img").count(), 0);
      assert.match(await page.locator("#memory").innerText(), /of<script>/);
      assert.match(await page.locator("#printed").innerText(), /<\/pre><script>document.title = 'owned'<\/script><b>&amp;<\/b>/);
      assert.match(await page.locator("#code").innerText(), /<!-- <img src="http/);
    }));
});
