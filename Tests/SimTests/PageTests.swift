import Support
import SystemPackage
import Testing

/// Every command of these pages, in its order, given to rehearsals of the service.
///
/// A block of a page is run unless it says above itself why it is not, by `<!-- not run: REASON -->` with a reason of a short list. So a new command
/// cannot be forgotten: it is run, and whoever does not want that has to say so where the reader sees it. `<!-- afresh -->` begins another way: a new
/// folder, and new rehearsals.
@Suite struct PageTests {
  static let pages = [
    "README.md", "docs/guide.md", "docs/many.md", "docs/migration.md", "docs/rehearsal.md", "docs/policy-merge.md", "docs/qtbx-migrate.md",
  ]

  /// Why a block may be left out, and how many are.
  static let reasons = [
    "a synopsis": 2,
    "these hosts are made up; ManyTests has two": 1,
    "what a file holds": 5,
    "what a program prints": 4,
    "it passes all tests, this one among them": 1,
    // MigrationTests and the demo seal secrets and send them.
    "a person fills in what no list shows": 1,
    "it needs the secrets": 1,
    // UndoTests does.
    "it deletes what the commands above have made": 4,
  ]

  // MARK: Reading a page

  struct Block {
    var page: String
    var line: Int
    var text: String
    var reason: String?
  }

  /// A way through a page: blocks that a reader gives one after the other, in one folder.
  struct Way: CustomTestStringConvertible, Sendable {
    var page: String
    var number: Int
    var testDescription: String { "\(page), way \(number)" }
  }

  /// The blocks of a page by ways: fenced ones, but for those that name another language than sh, and those that are indented by four blanks or more.
  static func ways(of page: String) throws -> [[Block]] {
    let text = String(decoding: try Files.read(Place.root.appending(FilePath(page).components)) ?? [], as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    var ways: [[Block]] = [[]]
    var reason: String?
    var at = 0
    func take(_ body: ArraySlice<String>, from line: Int) {
      let margin = body.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
      let text = body.map { String($0.dropFirst(margin)) }.joined(separator: "\n")
      ways[ways.count - 1].append(Block(page: page, line: line, text: text, reason: reason))
      reason = nil
    }
    while at < lines.count {
      let line = lines[at]
      if line == "<!-- afresh -->" {
        ways.append([])
      } else if line.hasPrefix("<!-- not run: "), line.hasSuffix(" -->") {
        reason = String(line.dropFirst(14).dropLast(4))
      } else if line.hasPrefix("```") {
        let end = lines[(at + 1)...].firstIndex { $0.hasPrefix("```") } ?? lines.count
        take(lines[(at + 1)..<end], from: at + 2)
        at = end
      } else if line.hasPrefix("    "), at == 0 || lines[at - 1].isEmpty {
        var end = at
        while end < lines.count, lines[end].isEmpty || lines[end].hasPrefix("    ") { end += 1 }
        let rest = lines[at..<end].reversed().drop { $0.isEmpty }
        take(ArraySlice(rest.reversed()), from: at + 1)
        at = end - 1
      } else if !line.isEmpty, !line.hasPrefix("<!--"), let named = reason {
        // A marker that no block follows would one day excuse another one.
        Issue.record("\(page):\(at + 1): \"not run: \(named)\" stands above no block")
        reason = nil
      }
      at += 1
    }
    return ways
  }

  @Test func everyReasonIsKnown() throws {
    let blocks = try Self.pages.flatMap { try Self.ways(of: $0).joined() }
    var left = Self.reasons
    for block in blocks {
      guard let reason = block.reason else { continue }
      #expect(left[reason] != nil, "\(block.page):\(block.line): \"\(reason)\" is no reason")
      left[reason, default: 0] -= 1
    }
    #expect(left.values.allSatisfy { $0 == 0 }, "blocks that are not run, against those that may be: \(left)")
    #expect(blocks.count { $0.reason == nil } > 50)
  }

  /// Commands between the lines are those of the blocks: what a reader could give, a test has given. Names and patterns with … are no commands.
  @Test(arguments: pages) func commandsInTheTextAreInABlock(_ page: String) throws {
    let text = String(decoding: try Files.read(Place.root.appending(FilePath(page).components)) ?? [], as: UTF8.self)
    let run = try Self.ways(of: page).joined().filter { $0.reason == nil }.map(\.text).joined(separator: "\n")
    var isCode = false
    for span in text.split(separator: "`", omittingEmptySubsequences: false) {
      defer { isCode.toggle() }
      guard isCode, !span.contains("\n"), !span.contains("…") else { continue }
      if span.hasPrefix("make "), !span.hasPrefix("make -n") { #expect(run.contains(span), "\(page): \(span)") }
      if span.hasPrefix("scripts/"), !span.hasPrefix("scripts/build"), span.contains(" "), !span.contains("FOLDER") {
        #expect(run.contains(span), "\(page): \(span)")
      }
    }
  }

  // MARK: Running it

  static let all: [Way] = pages.flatMap { page in
    ((try? ways(of: page)) ?? [[]]).indices.map { Way(page: page, number: $0 + 1) }
  }

  /// Runs a way. What the pages call otherwise than the rehearsal:
  ///
  ///     qualysapi.qualys.com                the rehearsal that has fixtures/demo/source, or the policies of fixtures/demo; its user is exmpl_jd
  ///     qualysapi.qg2.apps.qualys.eu        the one that has fixtures/demo/target; its user is exmpl2jd
  ///     8081, 8082                          ports that are free
  ///
  /// On the page about many subscriptions, what is in `south` is another pair of rehearsals: two folders of one target are refused.
  ///
  /// Nothing else of a page is changed. Each rehearsal takes its own user only, so what goes to the wrong server fails. Passwords come from
  /// q_password, or the netrc files that the reader writes.
  @Test(arguments: all) func theWayCanBeGone(_ way: Way) async throws {
    let blocks = try Self.ways(of: way.page)[way.number - 1].filter { $0.reason == nil }
    #expect(!blocks.isEmpty)
    let body = blocks.map { "at='\($0.page):\($0.line)'\n\($0.text)\n" }.joined(separator: "\n")
    try await Files.withScratch { folder in
      try Files.write(Array(body.utf8), to: folder.appending("page"))
      let outcome = try await shell(Self.stage, [Place.programs.string, Place.root.string], in: folder)
      if outcome.status != 0 {
        throw Failure(text: "status \(outcome.status)\n\(outcome.outputText.suffix(4000))\n\(outcome.errorText.suffix(4000))")
      }
    }
  }

  private static let stage = """
    set -Eeuo pipefail
    programs=$1 root=$2
    mkdir bin work others
    # Every server ends by itself, whatever becomes of this one.
    wrap() {
      printf '#!/bin/sh\\ncase " $* " in *" --help "* | *" %s "*) exec "%s" "$@" ;; esac\\nexec "%s" %s %s "$@"\\n' $2 "$programs/$1" "$programs/$1" $2 $3 > bin/$1
      chmod +x bin/$1
    }
    wrap qtbx-sim --exit-after-seconds 420
    export PATH=$PWD/bin:$programs:$PATH qtbx_programs=$PWD/bin:$programs q_password=any TMPDIR=$PWD/others
    unset q_username q_api_fqdn_server
    trap 'kill $(jobs -p) 2> /dev/null || true; wait' EXIT
    old=$root/fixtures/demo/source
    case $(head -1 page) in *policy-merge*) old=$root/fixtures/demo/policies ;; esac
    qtbx-sim --port 0 --user exmpl_jd --load "$old" > others/source 2> others/source.log &
    qtbx-sim --port 0 --user exmpl2jd --load "$root/fixtures/demo/target" --first-id 8000001 > others/target 2> others/target.log &
    for _ in $(seq 300); do [ -s others/source ] && [ -s others/target ] && break; sleep 0.05; done
    from=$(sed -n 's/^listening on //p' others/source); to=$(sed -n 's/^listening on //p' others/target)
    ports=($(python3 -c '
    import socket
    taken = [socket.socket() for _ in range(2)]
    for one in taken: one.bind(("127.0.0.1", 0))
    print(*[one.getsockname()[1] for one in taken])'))
    sed -e "s|qualysapi.qualys.com|$from|g; s|qualysapi.qg2.apps.qualys.eu|$to|g; s|8081|${ports[0]}|g; s|8082|${ports[1]}|g" page > run

    case $(head -1 page) in
      *many.md*)
        qtbx-sim --port 0 --user exmpl_jd --load "$old" > others/south-source 2> others/south-source.log &
        qtbx-sim --port 0 --user exmpl2jd --load "$root/fixtures/demo/target" > others/south-target 2> others/south-target.log &
        for _ in $(seq 300); do [ -s others/south-source ] && [ -s others/south-target ] && break; sleep 0.05; done
        address() { sed -n 's/^listening on //p' others/south-$1; }
        printf '%s\\n' '#!/bin/bash' "from=$from to=$to other_from=$(address source) other_to=$(address target)" \
          'case " $* " in *" --out south "*) set -- "${@//"$from"/$other_from}"; set -- "${@//"$to"/$other_to}" ;; esac' \
          "exec $programs/qtbx-migrate"' "$@"' > bin/qtbx-migrate
        chmod +x bin/qtbx-migrate ;;
    esac

    # What stands in a clone, and the files that the pages say to write.
    cd work
    mkdir fixtures; cp -r "$root/scripts" "$root/xslt" .; cp -r "$root/fixtures/demo" fixtures/; chmod -R u+w .
    cp "$root/fixtures/demo/distribution-groups.csv" .
    for name in '' north. south.; do
      echo 'machine 127.0.0.1 login exmpl_jd password any' > ${name}source.netrc; echo 'machine 127.0.0.1 login exmpl2jd password any' > ${name}target.netrc
      chmod 600 ${name}source.netrc ${name}target.netrc
    done
    printf '%s\\t%s\\tnorth\\n%s\\t%s\\tsouth\\n' $from $to $from $to > subscriptions.tsv
    # A shell of its own, with job control, as a reader has one.
    timeout 400 bash -mc 'set -Eeo pipefail
      trap "echo \\"fails at \\$at, line \\$LINENO of the commands: \\$BASH_COMMAND\\" >&2" ERR
      trap "kill \\$(jobs -p) 2> /dev/null || true" EXIT
      . ../run' page < /dev/null
    # What the demo says fits on a screen.
    [ ! -e demo-out/told ] || { lines=$(wc -l < demo-out/told); echo "the demo says $lines lines"; [ "$lines" -le 50 ]; }
    """
}
