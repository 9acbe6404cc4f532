// A report in headless Chromium: silent console, no network, policy obeyed, controls by mouse and keyboard, no
// accessibility violations, nothing clipped on A4.
//   node page.cjs REPORT.html OUT CASE
const fs = require("fs");
const path = require("path");
const assert = require("assert");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [file, out, name] = process.argv.slice(2);
const url = "file://" + path.resolve(file);
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

function none(found, what) {
  assert.equal(found.length, 0, `${what}, but:\n  ${found.slice(0, 20).join("\n  ")}`);
}

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
}

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags });
  const said = [];
  const asked = [];
  const open = async (viewport) => {
    const page = await browser.newPage({ viewport });
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on("request", (request) => asked.push(request.url()));
    const start = Date.now();
    await page.goto(url);
    return [page, Date.now() - start];
  };

  const [page, took] = await open({ width: 1280, height: 900 });
  await page.screenshot({ path: path.join(out, "screen.png") });
  const bytes = fs.statSync(file).size;
  console.log(`${bytes} bytes, open after ${took} ms`);
  if (name === "flagship") assert(bytes < 500_000, `${bytes} bytes are more than 500 kB`);
  none(said, "the console is silent");
  assert.deepEqual(asked, [url], "nothing is asked of the network");

  // The keyboard: skip link, plan, date, sorting.
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip", "Tab reaches the skip link first");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "report", "the skip link leads to the report");
  const shown = () => page.evaluate(() => [...document.querySelectorAll(".choice > .option")].findIndex((o) => !o.hidden));
  const plans = await page.locator(".choice select option").count();
  if (plans > 1) {
    assert.equal(await shown(), 0);
    await page.locator(".choice select").focus();
    await page.keyboard.press("ArrowDown");
    assert.equal(await shown(), 1, "a plan is chosen by keyboard");
    await page.locator(".choice select").selectOption(String(plans - 1));
    assert.equal(await shown(), plans - 1, "a plan is chosen by mouse");
    await page.locator(".choice select").selectOption("0");
  }
  const reader = page.locator(".option:not([hidden]) .reader").first();
  const read = () => reader.locator("output").textContent();
  const slider = reader.locator("input");
  const before = await read();
  assert.match(before, /^Live by \w{3} \d+ \w+ \d{4}: .+ \d/, before);
  await slider.focus();
  for (let i = 0; i < 7; i++) await page.keyboard.press("ArrowRight");
  const after = await read();
  assert.notEqual(after, before, "a date is read by keyboard");
  const box = await slider.boundingBox();
  await page.mouse.click(box.x + box.width * 0.9, box.y + box.height / 2);
  assert.notEqual(await read(), after, "a date is read by mouse");
  assert.match(await slider.getAttribute("aria-valuetext"), /\d{4}$/);
  const line = page.locator(".option:not([hidden]) .cursor").first();
  assert.equal(await line.evaluate((l) => getComputedStyle(l).visibility), "visible");
  // What is read is what the table says.
  const agrees = await reader.evaluate((r) => {
    const figure = r.closest("figure");
    const first = figure.querySelector("tbody tr");
    const input = r.querySelector("input");
    input.value = (Date.parse(first.cells[0].dataset.v) - Date.parse(r.dataset.first)) / 86400000;
    input.dispatchEvent(new Event("input"));
    return [...first.cells].slice(1).every((cell) => r.querySelector("output").textContent.includes(cell.textContent));
  });
  assert(agrees, "the date that is read off agrees with the table");

  const register = page.locator("#table-register");
  const column = (n) => register.evaluate((t, n) => [...t.tBodies[0].rows].map((r) => r.cells[n].dataset.v ?? r.cells[n].textContent), n);
  const head = register.locator("thead th").nth(3);
  await head.locator("button").click();
  assert.equal(await head.getAttribute("aria-sort"), "ascending", "sorted by mouse");
  const numbers = (cells) => cells.filter((c) => !isNaN(c)).map(Number);
  const up = numbers(await column(3));
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "descending", "sorted by keyboard");
  assert.deepEqual(numbers(await column(3)), [...up].reverse());
  const owner = register.locator("thead th").nth(2).locator("button");
  await owner.click();
  const owners = await column(2);
  assert.deepEqual(owners, [...owners].sort(new Intl.Collator("en", { numeric: true }).compare), "words sorted");
  await register.locator("thead th").nth(0).locator("button").click();

  // Accessibility: as it opens, and with all tables behind figures open.
  let found = await violations(page);
  none(found, "no accessibility violations");
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  found = await violations(page);
  none(found, "none with all tables open");
  none(said, "the console is still silent");

  // Every width: the page itself never scrolls sideways.
  for (const width of [1280, 800, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
    assert(over <= 0, `at ${width} px the page is ${over} px too wide`);
  }

  // Paper: A4 less its margins is 178 mm, 673 px.
  const [paper] = await open({ width: 673, height: 1000 });
  await paper.emulateMedia({ media: "print" });
  const clipped = await paper.evaluate(() => {
    const right = document.documentElement.clientWidth;
    const bad = [];
    for (const element of document.querySelectorAll("body *")) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || element.closest("svg") || element.closest("[hidden]")) continue;
      const visible = getComputedStyle(element).display !== "inline";
      const tooWide = visible && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      if (box.right > right + 1 || tooWide) bad.push(`${element.tagName}#${element.id}.${element.className}: ${element.textContent.slice(0, 60)}`);
    }
    return bad;
  });
  none(clipped, "nothing is clipped on paper");
  await paper.pdf({ path: path.join(out, "page.pdf"), preferCSSPageSize: true, printBackground: true });

  // Without its script the page says everything.
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(url);
  assert.equal(await still.locator(".control:visible").count(), 0, "no dead controls");
  assert.equal(await still.locator(".option:visible").count(), Math.max(plans, 1), "all plans are shown");

  // The policy refuses what is not the page's own.
  const [attacked] = await open({ width: 800, height: 600 });
  const refused = await attacked.evaluate(async () => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
    const add = (tag, how) => { const e = document.createElement(tag); how(e); document.body.append(e); };
    add("script", (e) => { e.textContent = "window.attacked = true"; });
    add("img", (e) => { e.src = "http://192.0.2.1/x.png"; });
    add("style", (e) => { e.textContent = "body { display: none }"; });
    add("iframe", (e) => { e.src = "http://192.0.2.1/"; });
    add("p", (e) => { e.innerHTML = "<b onclick=\"window.attacked = true\" style=\"color: red\">x</b>"; e.firstChild.click(); });
    await fetch("http://192.0.2.1/").catch(() => {});
    await new Promise((done) => setTimeout(done, 300));
    return { refused, attacked: window.attacked === true, hidden: getComputedStyle(document.body).display === "none" };
  });
  assert.equal(refused.attacked, false, "no foreign script runs");
  assert.equal(refused.hidden, false, "no foreign style holds");
  for (const directive of ["script-src-elem", "img-src", "style-src-elem", "script-src-attr", "style-src-attr", "connect-src"]) {
    assert(refused.refused.includes(directive), `${directive} is refused: ${refused.refused}`);
  }
  await browser.close();
  console.log("browser, keyboard, mouse, axe, paper and policy hold");
}

main().catch((problem) => { console.error(problem.message || problem); process.exit(1); });
