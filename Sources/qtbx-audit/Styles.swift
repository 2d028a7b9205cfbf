import Base

/// What a page looks like, and the one thing that it does. Both are in the page, and the policy of the page names them by their digests: nothing else is
/// applied or run, and nothing is loaded.
enum Styles {
  /// The value of Content-Security-Policy.
  static let policy =
    "default-src 'none'; style-src '\(hash(sheet))'; script-src '\(hash(script))'; base-uri 'none'; form-action 'none'"

  private static func hash(_ text: String) -> String {
    var digest = SHA256()
    digest.add(Array(text.utf8))
    return "sha256-" + base64(digest.digest)
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for at in stride(from: 0, to: bytes.count, by: 3) {
      let three = bytes[at..<min(at + 3, bytes.count)]
      let number = three.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - three.count))
      for place in 0..<4 { text.append(place <= three.count ? letters[number >> (18 - 6 * place) & 63] : "=") }
    }
    return text
  }

  // No character that XML would take for markup, so that the page is well-formed XML as well.
  static let sheet = """
    :root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --panel: #f5f7f9; --line: #d5dbe1; --accent: #0b5cad;
      --good: #0b5cad; --open: #9aa4af; --bad: #b3261e; --out: #d5dbe1; --shade: #eef4fb; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #a3adb8; --paper: #14181d; --panel: #1c2229; --line: #38414b; --accent: #7ab7f5;
      --good: #4f9be8; --open: #77828e; --bad: #ff8a80; --out: #38414b; --shade: #1d2a38; } }
    * { box-sizing: border-box; }
    html { scroll-padding-top: 4.5rem; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    header, main, footer, .contents { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
    header { padding-top: 2rem; }
    footer { padding-bottom: 3rem; color: var(--soft); }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; }
    h2 { font-size: 1.4rem; margin: 2.75rem 0 .75rem; padding-bottom: .3rem; border-bottom: 2px solid var(--accent); }
    h3 { font-size: 1.12rem; margin: 2rem 0 .4rem; }
    p, ul, ol { margin: .5rem 0; }
    a { color: var(--accent); }
    a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, .scroll:focus-visible {
      outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    code, pre { font: .875em/1.5 ui-monospace, monospace; }
    pre { margin: 0; white-space: pre-wrap; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; top: 1rem; z-index: 3; background: var(--paper); padding: .5rem 1rem; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .soft, .where { color: var(--soft); }
    .where { font-size: .85em; }
    .verdict { font-size: 1.25rem; line-height: 1.45; max-width: 54rem; margin: 1rem 0 1.25rem; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .75rem; margin: 0 0 1.25rem; }
    .figures div { background: var(--panel); border: 1px solid var(--line); border-left: 5px solid var(--open); border-radius: 6px; padding: .7rem .9rem; }
    .figures .good { border-left-color: var(--good); } .figures .bad { border-left-color: var(--bad); border-left-style: double; }
    .figures .out { border-left-color: var(--line); }
    .figures dt { color: var(--soft); font-size: .9rem; }
    .figures dd { margin: 0; font-size: 1.7rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
    .contents ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; padding: 0; margin: 1rem 0 0; }
    .contents .resources { font-size: .92rem; gap: .1rem .9rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: .93rem; }
    caption { text-align: left; padding: .35rem 0; }
    th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
    td:last-child, td code, th code, .request th { overflow-wrap: anywhere; }
    tbody th { font-weight: 600; }
    thead th { position: sticky; top: 0; background: var(--panel); z-index: 1; font-weight: 600; border-bottom: 2px solid var(--line); }
    body.filters thead th { top: 3.6rem; }
    .scroll thead th { position: static; }
    td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .overview th[scope=row], .overview td { white-space: nowrap; }
    .overview td.became { min-width: 15rem; white-space: normal; }
    .overview .none { color: var(--soft); }
    .request { margin: .25rem 0 .75rem; } .request tbody th { width: 13rem; font: .86em/1.6 ui-monospace, monospace; }
    .request thead { display: none; }
    .bar { display: block; width: 100%; height: .6rem; border-radius: 3px; margin: .35rem 0 .2rem; background: var(--panel); }
    rect.good { fill: var(--good); } rect.open { fill: var(--open); } rect.bad { fill: var(--bad); } rect.out { fill: var(--out); }
    .fate { display: inline-block; justify-self: start; white-space: nowrap; font-size: .82rem; font-weight: 600; border: 1px solid currentColor; border-radius: 99px;
      padding: 0 .6rem; line-height: 1.55; }
    .fate.good { color: var(--accent); } .fate.open, .fate.out { color: var(--soft); } .fate.open { border-style: dashed; }
    .fate.bad { color: var(--bad); border-width: 2px; }
    .records { list-style: none; padding: 0; margin: .75rem 0; border-top: 1px solid var(--line); }
    .records li.record { border-bottom: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 2.3rem; }
    .record summary, .record .plain { display: grid; grid-template-columns: 8.5rem minmax(9rem, 1fr) minmax(8rem, 16rem) minmax(6rem, 15rem); gap: .1rem .9rem;
      padding: .35rem .4rem; align-items: baseline; }
    .record summary { cursor: pointer; list-style: none; }
    .record summary:hover { background: var(--shade); }
    .record summary .name::before { content: "\\25B8"; color: var(--accent); display: inline-block; width: 1.1em; }
    .record details[open] summary .name::before { content: "\\25BE"; }
    .record .plain .name { padding-left: 1.1em; }
    .record .name { font-weight: 600; }
    .record .ids, .record .marks { color: var(--soft); font-size: .88rem; }
    .record .body { padding: .2rem .5rem 1rem 1.5rem; border-left: 3px solid var(--accent); margin: .1rem 0 .75rem .5rem; }
    .record .body p.part { font-weight: 600; margin: .9rem 0 .2rem; }
    .tick { list-style: none; padding: 0; } .tick li { padding-left: 1.7em; text-indent: -1.7em; margin: .35rem 0; }
    .tick .box { display: inline-block; width: 1.7em; text-indent: 0; font-weight: 700; }
    .plan li { margin: .15rem 0; } .plan { list-style: none; padding-left: 0; } .plan li li { color: var(--soft); font-size: .93rem; }
    .files code { font-size: .78rem; } .files td:last-child { min-width: 9rem; }
    .filter { position: sticky; top: 0; z-index: 2; background: var(--paper); border-bottom: 1px solid var(--line); padding: .6rem 0; display: flex;
      flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
    .filter label { display: flex; gap: .4rem; align-items: center; }
    .filter input, .filter select, .filter button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 5px;
      padding: .2rem .5rem; min-height: 2rem; }
    .filter input { width: 16rem; max-width: 60vw; }
    .filter output { color: var(--soft); }
    [hidden] { display: none !important; }
    .filtered .contents, .filtered main > section:not(.holding), .filtered .holding > :not(.resource), .filtered .resource > :not(h3):not(.records) {
      display: none; }
    pre.names { content-visibility: auto; contain-intrinsic-size: auto 42000px; tab-size: 4; font-size: .8rem; }
    .hits { list-style: none; padding: 0; } .hits li { padding: .2rem 0; border-bottom: 1px solid var(--line); }
    .searching main > :not(.filter):not(.hits) { display: none; }
    @media (max-width: 46rem) {
      .record summary, .record .plain { grid-template-columns: 1fr auto; } .record .name { grid-column: 1 / -1; grid-row: 1; }
      .overview td.became { min-width: 12rem; } .request tbody th { width: 7.5rem; } h1 { font-size: 1.5rem; } .verdict { font-size: 1.1rem; }
      .filter { position: static; } body.filters thead th { top: 0; } html { scroll-padding-top: .5rem; } .record .body { padding-left: .6rem; }
    }
    @media (min-width: 66rem) { .scroll { overflow: visible; } .scroll thead th { position: sticky; } }
    @media print {
      :root { --ink: #000; --soft: #333; --paper: #fff; --panel: #fff; --line: #999; --accent: #000; --good: #444; --open: #aaa; --bad: #000; --out: #ddd; }
      body { font-size: 9.5pt; } .filter, .skip, .contents { display: none; } header, main, footer { max-width: none; padding: 0; }
      thead th, .filter { position: static; } .scroll { overflow: visible; } a { color: inherit; text-decoration: none; }
      h2, h3 { break-after: avoid; } tr, .figures div { break-inside: avoid; } .records li.record { content-visibility: visible; }
      details::details-content { content-visibility: visible; block-size: auto; } rect { print-color-adjust: exact; }
    }

    """

  // Only adds the filter. It needs no character that XML would take for markup.
  static let script = """
    "use strict";
    (function () {
      var records = Array.prototype.slice.call(document.querySelectorAll("li.record"));
      var lists = Array.prototype.slice.call(document.querySelectorAll("pre.names"));
      if (records.length + lists.length === 0) { return; }
      function make(name, text) { var node = document.createElement(name); if (text) { node.textContent = text; } return node; }
      function labelled(words, node) { var label = make("label"); label.append(make("span", words), node); return label; }
      var bar = make("form");
      bar.className = "filter";
      bar.setAttribute("role", "search");
      bar.setAttribute("aria-label", "Records");
      var search = make("input");
      search.type = "search";
      search.id = "search";
      search.autocomplete = "off";
      search.spellcheck = false;
      var fate = make("select");
      fate.id = "fate";
      fate.append(new Option("all", ""));
      function group(title, attribute) {
        var seen = new Map();
        records.forEach(function (record) {
          (record.getAttribute(attribute) || "").split(" ").filter(Boolean).forEach(function (word) { seen.set(word, (seen.get(word) || 0) + 1); });
        });
        var part = make("optgroup");
        part.label = title;
        Array.from(seen.keys()).sort().forEach(function (word) {
          part.append(new Option(word.replaceAll("-", " ") + " (" + seen.get(word) + ")", attribute + "=" + word));
        });
        if (part.childElementCount > 0) { fate.append(part); }
      }
      if (lists.length === 0) { group("what became of it", "data-fate"); group("notes", "data-notes"); }
      var clear = make("button", "Clear");
      clear.type = "reset";
      var count = make("output");
      count.id = "count";
      bar.append(labelled("Name or id", search));
      if (lists.length === 0) { bar.append(labelled("Show", fate)); }
      bar.append(clear, count);
      var main = document.querySelector("main");
      main.insertBefore(bar, main.firstChild);
      document.body.classList.add("filters");
      var texts = null;
      function folded(text) { return text.normalize("NFKC").toLowerCase(); }
      function text(at) {
        if (texts === null) { texts = new Array(records.length); }
        if (texts[at] === undefined) {
          var head = records[at].firstElementChild;
          var line = head.localName === "details" ? head.firstElementChild : head;
          texts[at] = folded(line.querySelector(".name").textContent + " " + line.querySelector(".ids").textContent);
        }
        return texts[at];
      }
      var lines = null;
      var hits = make("ul");
      hits.className = "hits";
      // All names, a line each: what is found is shown as links.
      function look() {
        if (lines === null) {
          lines = [];
          lists.forEach(function (list) {
            list.textContent.trimEnd().split("\\n").forEach(function (line, at) {
              lines.push({ line: line, text: folded(line), link: list.dataset.place + (Number(list.dataset.first) + at) });
            });
          });
          main.insertBefore(hits, bar.nextSibling);
        }
        var wanted = folded(search.value.trim());
        var found = wanted === "" ? [] : lines.filter(function (one) { return one.text.includes(wanted); });
        hits.replaceChildren.apply(hits, found.slice(0, 500).map(function (one) {
          var item = make("li");
          var fields = one.line.split("\\t");
          var link = make("a", fields[0]);
          link.href = one.link;
          item.append(link, " " + fields.slice(1).filter(Boolean).join(", "));
          return item;
        }));
        document.body.classList.toggle("searching", wanted !== "");
        count.textContent = wanted === "" ? lines.length.toLocaleString("en") + " records"
          : found.length.toLocaleString("en") + " of " + lines.length.toLocaleString("en") + " records" + (found.length > 500 ? ", the first 500 of them" : "");
      }
      function apply() {
        if (lists.length > 0) { look(); return; }
        var wanted = folded(search.value.trim());
        var choice = fate.value.split("=");
        var shown = 0;
        records.forEach(function (record, at) {
          var fits = wanted === "" || text(at).includes(wanted);
          if (fits) { if (choice.length === 2) { fits = (record.getAttribute(choice[0]) || "").split(" ").includes(choice[1]); } }
          record.hidden = !fits;
          if (fits) { shown += 1; }
        });
        var all = wanted === "" ? choice.length === 1 : false;
        document.body.classList.toggle("filtered", !all);
        document.querySelectorAll(".records").forEach(function (list) {
          var lives = list.querySelector("li.record:not([hidden])") !== null;
          list.closest("section").hidden = lives ? false : !all;
        });
        document.querySelectorAll("section.resource:not(.listing)").forEach(function (part) { part.hidden = !all; });
        var beside = main.dataset.beside;
        count.textContent = (all ? "" : shown.toLocaleString("en") + " of ") + records.length.toLocaleString("en") + " records"
          + (beside ? " on this page; " : "");
        if (beside) { var link = make("a", "all names"); link.href = beside; count.append(link); }
      }
      var timer = 0;
      search.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(apply, 80); });
      fate.addEventListener("change", apply);
      bar.addEventListener("reset", function () { setTimeout(apply, 0); });
      bar.addEventListener("submit", function (event) { event.preventDefault(); clearTimeout(timer); apply(); });
      function open() {
        var target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
        var details = target ? target.querySelector("details") : null;
        if (details) { if (target.classList.contains("record")) { details.open = true; } }
      }
      addEventListener("hashchange", open);
      apply();
      open();
    })();

    """
}
