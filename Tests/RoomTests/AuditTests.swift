import Glibc
import Support
import SystemPackage
import Testing

/// `qtbx-audit`: what is true of every page, in a browser and out of one, and of every folder, however broken it is.
@Suite struct AuditTests {
  private static let program = Place.program("qtbx-audit")
  private static let whole = Case(room: "audit", name: "shows-a-migration")
  private static let hostile = Case(room: "audit", name: "carries-hostile-text")
  private static let axe = Place.root.appending(".build").appending("axe").appending("axe.min.js")

  static let hasBrowser = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].contains { Files.exists(FilePath($0)) }

  // MARK: Style and script

  /// They are the same in every page, what the policy has the digests of, and load nothing. No case has them: Page.swift.
  @Test func everyPageHasOneStyleAndOneScript() async throws {
    try await Files.withScratch { folder in
      let (whole, hostile, beside) = (Self.whole, Self.hostile, Case(room: "audit", name: "puts-further-records-beside"))
      try await page(whole, "whole.html", in: folder)
      try await page(hostile, "hostile.html", in: folder)
      let pages = folder.appending("pages")
      #expect(try await run(Self.program, ["-q", "--records", "2", "--out", pages.string, "migration"], in: beside.folder).status == 0)
      let paths = ["whole.html", "hostile.html"].map { folder.appending($0) } + Files.names(in: pages).map { pages.appending($0) }
      let all = try paths.map { Page(try Files.read($0) ?? []) }
      #expect(all.count == 6)
      #expect(Set(all.map(\.style)).count == 1 && Set(all.map(\.script)).count == 1 && Set(all.map(\.digests)).count == 1)
      guard let one = all.first else { return }
      let (style, script) = (String(decoding: one.style, as: UTF8.self), String(decoding: one.script, as: UTF8.self))
      #expect(style.contains("prefers-color-scheme: dark") && style.contains("@media print") && script.hasPrefix("\"use strict\";\n"))
      for word in ["url(", "@import", "expression("] { #expect(!style.contains(word), "\(word)") }
      let never = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(", "XMLHttpRequest", "http"]
      for word in never { #expect(!script.contains(word), "\(word)") }
      // By another's digest than ours.
      let digest = """
        import sys, base64, hashlib
        print('sha256-' + base64.b64encode(hashlib.sha256(sys.stdin.buffer.read()).digest()).decode(), end='')
        """
      for (part, expected) in zip([one.style, one.script], one.digests) {
        #expect(try await run("/usr/bin/env", ["python3", "-c", digest], input: part).outputText == expected)
      }
      #expect(one.digests.count == 2)
    }
  }

  // MARK: In a browser

  /// Runs steps in one browser. Returns what each gave, as JSON.
  private func browse(_ steps: [String], in folder: FilePath) async throws -> [String] {
    let script = Place.root.appending("Tests").appending("RoomTests").appending("browser.py")
    let outcome = try await run(
      "/usr/bin/env", ["python3", script.string, "--axe", Self.axe.string, "--shots", folder.string], input: Array(steps.joined(separator: "\n").utf8)
    )
    if outcome.status != 0 { Issue.record("\(outcome.errorText)") }
    return outcome.outputText.split(separator: "\n").map { String($0) }
  }

  private func page(_ one: Case, _ name: String, in folder: FilePath) async throws {
    let outcome = try await run(Self.program, ["-q", "migration"], in: one.folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    try Files.write(outcome.output, to: folder.appending(name))
  }

  private func evaluate(_ script: String) -> String {
    "{\"evaluate\": \"\(script.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " "))\"}"
  }

  private static let visible =
    "[...document.querySelectorAll('li.record')].filter(one => one.checkVisibility()).map(one => one.querySelector('.name').textContent)"

  /// The page is what it says, finds what is looked for, asks nobody for anything, and runs nothing that a file says.
  @Test(.enabled(if: hasBrowser, "chromium is not installed"))
  func pagesInABrowser() async throws {
    try await Files.withScratch { folder in
      try await page(Self.whole, "whole.html", in: folder)
      try await page(Self.hostile, "hostile.html", in: folder)
      let beside = Case(room: "audit", name: "puts-further-records-beside")
      let pages = try await run(Self.program, ["-q", "--records", "2", "--out", folder.appending("pages").string, "migration"], in: beside.folder)
      #expect(pages.status == 0, "\(pages.errorText)")
      func open(_ name: String) -> String { "{\"open\": \"file://\(folder.string)/\(name)\"}" }
      let search =
        "(text => { const one = document.querySelector('#search'); one.value = text; one.form.requestSubmit(); return document.querySelector('#count').textContent })"
      let steps: [(step: String, answer: String?)] = [
        ("{\"size\": [1280, 900]}", nil),
        (open("whole.html"), nil),
        // Landmarks, headings in their order, a language, names of rows and columns.
        (
          evaluate("document.documentElement.lang + ' ' + ['header', 'nav', 'main'].map(one => document.querySelectorAll(one).length)"),
          "\"en 1,1,1\""
        ),
        (
          evaluate(
            "[...document.querySelectorAll('h1, h2, h3')].map(one => Number(one.localName[1])).every((one, at, all) => at === 0 ? one === 1 : one - all[at - 1] < 2)"
          ),
          "true"
        ),
        (evaluate("[...document.querySelectorAll('th')].every(one => one.scope !== '')"), "true"),
        (evaluate("new Set([...document.querySelectorAll('[id]')].map(one => one.id)).size === document.querySelectorAll('[id]').length"), "true"),
        (
          evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].filter(one => document.getElementById(decodeURIComponent(one.hash.slice(1))) === null).length"
          ), "0"
        ),
        (evaluate("document.documentElement.scrollWidth <= innerWidth"), "true"),
        // The filter.
        (evaluate("document.querySelector('#count').textContent"), "\"13 records\""),
        (evaluate(search + "('süd')"), "\"1 of 13 records\""),
        (evaluate(Self.visible), "[\"Laboratory \\\"Süd\\\"\"]"),
        (evaluate(search + "('9000011')"), "\"1 of 13 records\""),
        (evaluate(Self.visible), "[\"Offices\"]"),
        (evaluate(search + "('nothing of this name')"), "\"0 of 13 records\""),
        (
          evaluate(
            "document.querySelector('.filter [type=reset]').click(); new Promise(done => setTimeout(() => done(document.querySelector('#count').textContent), 20))"
          ), "\"13 records\""
        ),
        (evaluate("(one => { one.value = 'data-fate=refused'; one.dispatchEvent(new Event('change')); })(document.querySelector('#fate'))"), "null"),
        (evaluate(Self.visible), "[\"Stores & depots\"]"),
        (evaluate("(one => { one.value = 'data-notes=dropped'; one.dispatchEvent(new Event('change')); })(document.querySelector('#fate'))"), "null"),
        (evaluate(Self.visible), "[\"Offices\"]"),
        // A link to a record opens it.
        (open("whole.html#asset-groups-2"), nil),
        (evaluate("document.querySelector('#asset-groups-2 details').open"), "true"),
        (
          evaluate("[...document.querySelectorAll('#asset-groups-2 .request tbody tr')].map(one => one.textContent.trim()).join('|')"),
          "\"actionadd|titleOffices|network_id3014|ips192.0.2.1-192.0.2.127|commentsFirst floorSecond floor; \\\"blue\\\"|business_impacthigh\""
        ),
        // The keyboard: the first stop leads to the content, and the fields of the filter follow the links.
        (open("whole.html"), nil),
        ("{\"press\": \"Tab\"}", "\"a#: To the content\""),
        (evaluate("document.querySelector('.skip').getBoundingClientRect().left >= 0"), "true"),
        // What a narrow window, and one in the dark, is like.
        ("{\"size\": [360, 800]}", nil),
        (evaluate("document.documentElement.scrollWidth <= innerWidth"), "true"),
        ("{\"media\": {\"prefers-color-scheme\": \"dark\"}}", nil),
        (evaluate("getComputedStyle(document.body).backgroundColor"), "\"rgb(20, 24, 29)\""),
        ("{\"media\": {\"media\": \"print\"}}", nil),
        (evaluate("getComputedStyle(document.querySelector('.filter')).display"), "\"none\""),
        ("{\"media\": {}}", nil),
        ("{\"size\": [1280, 900]}", nil),
        // Nothing was asked for, and nothing said, all the while.
        ("{\"seen\": true}", "{\"asked\": [], \"said\": []}"),
        // What a file says does nothing.
        (open("hostile.html"), nil),
        (
          evaluate(
            "typeof hurt + ' ' + document.querySelectorAll('script').length + ' ' + document.querySelectorAll('img, iframe, [onerror], [onmouseover]').length"
          ), "\"undefined 1 0\""
        ),
        (evaluate("document.querySelectorAll('main > section').length === document.querySelectorAll('section:not(.resource)').length"), "true"),
        (evaluate("/[\\u202a-\\u202e\\u2066-\\u2069\\u0000]/.test(document.body.textContent)"), "false"),
        ("{\"seen\": true}", "{\"asked\": [], \"said\": []}"),
        // The policy holds: a script that got in would not run, and nothing is loaded.
        (
          evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hurt = 1'})); document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x'})); typeof hurt"
          ),
          "\"undefined\""
        ),
        // Pages beside.
        (open("pages/names.html"), nil),
        (evaluate(search + "('gates')"), "\"1 of 5 records\""),
        (evaluate("document.querySelector('.hits a').getAttribute('href')"), "\"asset-groups-3.html#asset-groups-5\""),
        (open("pages/asset-groups-3.html#asset-groups-5"), nil),
        (
          evaluate("document.querySelector('#asset-groups-5 details').open + ' ' + document.querySelector('#count').textContent"),
          "\"true 1 records on this page; all names\""
        ),
        (open("pages/index.html"), nil),
        (evaluate("document.querySelectorAll('li.record').length"), "2"),
        (evaluate("document.querySelector('#attention a').getAttribute('href')"), "\"asset-groups-3.html#asset-groups-5\""),
        // Without scripts, all is there but the filter.
        ("{\"scripts\": false}", nil),
        (open("whole.html"), nil),
        ("{\"scripts\": true}", nil),
        (evaluate("document.querySelectorAll('li.record').length + ' ' + document.querySelectorAll('.filter').length"), "\"13 0\""),
      ]
      let answers = try await browse(steps.map(\.step), in: folder)
      #expect(answers.count == steps.count)
      for (step, answer) in zip(steps, answers) where step.answer != nil { #expect(answer == step.answer, "\(step.step)") }
    }
  }

  /// Nobody is kept out, by the rules of axe-core (WCAG 2 and best practice), in light, dark and narrow windows, whatever is open.
  @Test(.enabled(if: hasBrowser && Files.exists(axe), "chromium or axe-core is not installed"))
  func pagesForEverybody() async throws {
    try await Files.withScratch { folder in
      try await page(Self.whole, "whole.html", in: folder)
      let opened = evaluate("document.querySelectorAll('details').forEach(one => { one.open = true }); 0")
      let answers = try await browse(
        [
          "{\"size\": [1280, 900]}", "{\"open\": \"file://\(folder.string)/whole.html\"}", opened, "{\"axe\": true}",
          "{\"media\": {\"prefers-color-scheme\": \"dark\"}}", "{\"size\": [360, 800]}", "{\"axe\": true}",
        ], in: folder)
      #expect(answers.filter { $0.hasPrefix("[") } == ["[]", "[]"], "\(answers)")
    }
  }

  // MARK: Out of a browser

  /// A page is XML as well, whatever a file says; so nothing that is open stays open.
  private func isWellFormed(_ page: [UInt8]) async throws -> String {
    try await run("/usr/bin/env", ["xmllint", "--noout", "--nonet", "-"], input: page).errorText
  }

  /// However a file is broken, there is a page, it names the file or has read it, and no secret gets in.
  @Test func brokenFiles() async throws {
    try await Files.withScratch { folder in
      let copied = try await shell("cp -r \"$1\"/migration . && find migration -type f", [Self.whole.folder.string], in: folder)
      let names = copied.outputText.split(separator: "\n").map { String($0) }
      #expect(names.count > 20)
      var random = Seeded(7)
      for name in names {
        let path = FilePath(folder.string + "/" + name)
        let bytes = try Files.read(path) ?? []
        var variants: [[UInt8]] = [[], Array(bytes.prefix(bytes.count / 2)), Array(bytes.dropLast()), Array("\u{FFFE}\0</script>\n".utf8) + bytes]
        if !bytes.isEmpty {
          var flipped = bytes
          flipped[random.below(bytes.count)] ^= UInt8(1 + random.below(255))
          variants.append(flipped)
          variants.append([UInt8](repeating: 0xFF, count: 100) + bytes)
        }
        for variant in variants {
          try Files.write(variant, to: path)
          let outcome = try await run(Self.program, ["migration"], in: folder)
          #expect([0, 5].contains(outcome.status), "\(name): \(outcome.status) \(outcome.errorText)")
          if outcome.status == 5 { #expect(outcome.errorText.contains("warning: \(name): "), "\(name): \(outcome.errorText)") }
          let fault = try await isWellFormed(outcome.output)
          #expect(fault.isEmpty, "\(name): \(fault)")
          #expect(!outcome.outputText.contains("never-shown") && !outcome.outputText.contains("not-shown"), "\(name)")
        }
        Files.remove(path)
        let without = try await run(Self.program, ["-q", "migration"], in: folder)
        #expect(without.status == 0, "without \(name): \(without.errorText)")
        try Files.write(bytes, to: path)
      }
    }
  }

  /// Of a log of runs that breaks off, the rows before that place are shown, and the place is said.
  @Test func aLogOfRunsThatBreaksOff() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        #"""
        cp -r "$2" m; row='2026-01-02T03:04:05Z\tplan\t0.1.0\tout=m'
        for end in '2026-01-02T03:04:05Z\tplan' '2026-01-02T03:04:05Z\tplan\t0\n'; do
          printf "time\tgoal\tversion\toptions\n$row\n$row\n$end" > m/runs.tsv
          status=0; "$1" -q m > page 2> said || status=$?
          echo $status $(grep -o '<tr><th scope="row"><time>2026-01-02T03:04:05Z' page | wc -l) $(grep -c 'runs.tsv.*last line\|runs.tsv.*no row' page) $(grep -c . said)
        done
        """#, [Self.program.string, Self.whole.folder.string + "/migration"], in: folder)
      let rows = outcome.outputText.split(separator: "\n").map { $0.split(separator: " ").map { String($0) } }
      #expect(rows.count == 2, "\(outcome.outputText) \(outcome.errorText)")
      for row in rows { #expect(row == ["5", "2", "1", "1"], "\(row) \(outcome.errorText)") }
    }
  }

  /// Names of files, and of everything else, may be anything, and as long as they like.
  @Test func hostileNames() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        #"""
        cp -r "$2" m; cd m; touch $'maps/<img src=x>\e\n.csv' $'lists/"><b>.urls' 'sent/%2e%2e.journal' $'verify/\xff.tsv'; mkfifo before/pipe; ln -s / root; ln -s nowhere gone
        python3 -c "
        long = 'x' * 1000000; path = 'source/asset-groups.xml'; text = open(path).read().replace('>Offices<', '>' + long + '<'); open(path, 'w').write(text)
        open('lists/asset-groups.urls', 'a').write('/api/2.0/fo/asset/group/?action=add&title=' + long + '#asset-group=4000004' + chr(10))"
        printf 'secret' > sealed.qsec; printf 'machine a login b password never-shown' > source.netrc; mkdir -p sent/answers; echo never-shown > sent/answers/1
        cd ..; status=0; "$1" -q m > page 2> said || status=$?
        echo $status $(grep -c never-shown page) $(xmllint --noout page 2>&1 | wc -l) $(($(wc -c < page) / 100000)); grep -c '1,000,000 characters' page
        grep -o '<code>[^<]*</code> <span class="soft">[^<]*' page | sed 's/.*<code>//; s/<.*>/ /' | sort
        sha256sum m/source/networks.xml | cut -c 1-64 | xargs -I{} grep -c {} page; ls -A m | wc -l
        """#, [Self.program.string, Self.whole.folder.string + "/migration"], in: folder)
      let lines = outcome.outputText.split(separator: "\n").map { String($0) }
      #expect(
        lines == [
          "5 0 0 0", "1",
          "answers/12 not opened: answers of the service may hold a password", "before/pipe no plain file: not opened",
          "gone no plain file: not opened",
          "lists/secrets.csv not opened: it may hold a secret", "root no plain file: not opened", "sealed.qsec not opened: it may hold a secret",
          "sent/answers/1 not opened: answers of the service may hold a password", "source.netrc not opened: it may hold a secret",
          "verify/\u{FFFD}.tsv no plain file: not opened", "1", "15",
        ], "\(lines) \(outcome.errorText)")
    }
  }

  /// A page is of one state of a folder, or it is not written.
  @Test func foldersThatAreAtWork() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        #"""
        cp -r "$2" m; try() { local status=0; "$@" > page 2> said || status=$?; echo $status $(wc -c < page) $(tail -1 said); }
        touch m/lock; try flock m/lock "$1" -q m; try "$1" -q m | sed 's/ [0-9]*$/ all/'
        (while [ ! -e stop ]; do echo x >> m/said; done) & for _ in $(seq 50); do now=$(try "$1" -q m); case $now in 3*) break ;; esac; done; echo "$now"; touch stop; wait
        cp page before; "$1" -q m > page; "$1" -q m | cmp - page && echo same; "$1" -q m > m/audit.html; cmp m/audit.html page && echo 'not of itself'; rm m/audit.html
        "$1" -q m > /dev/full 2> said || echo $? $(cat said)
        # A folder of pages is there whole or not at all, and an earlier one is gone.
        "$1" -q --records 3 --out m/pages m; ls m/pages | paste -sd ' '; "$1" -q --out m/pages m; ls m/pages; cmp m/pages/index.html page && echo same
        mkdir closed; echo kept > closed/letter; try "$1" -q --out closed m; try "$1" -q --out nowhere/pages m; ls -A | paste -sd ' '; ls -A m | grep -c pages
        """#, [Self.program.string, Self.whole.folder.string + "/migration"], in: folder)
      let lines = outcome.outputText.split(separator: "\n").map { String($0) }
      #expect(
        lines == [
          "3 0 qtbx-audit: m: a run is at work here: wait until it is done", "0 all",
          "3 0 qtbx-audit: m/said: it was changed while it was read: no page was written", "same", "not of itself",
          "3 qtbx-audit: standard output: cannot write: No space left on device",
          "asset-groups-2.html asset-groups-3.html index.html names.html", "index.html", "same",
          "1 0 qtbx-audit: closed: it holds letter, which is no page of an audit: name another folder",
          "3 0 qtbx-audit: nowhere/pages: cannot find where it should stand", "before closed m page said stop", "1",
        ], "\(outcome.errorText)")
    }
  }
}
