import Support
import SystemPackage
import Testing

/// What scripts/link lays out: small, complete, and with no way to a network where there should be none.
@Suite struct PackageTests {
  /// With the options of scripts/build, a clone in another folder gives the same programs: what the compiler makes of a source does not say where it was.
  @Test func anotherFolderGivesTheSameObject() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        #"""
        set -euo pipefail
        options=$(grep -o -- '-Xswiftc [^ ]*' "$1/scripts/build" | cut -d ' ' -f 2)
        for place in one another/place; do
          mkdir -p $place
          printf 'struct Two { var number = 2 }\npublic func text(_ number: Int) -> String { "\\(number + Two().number)" }\n' > $place/text.swift
          for kind in with without; do
            (cd $place; [ $kind = with ] || options=; swiftc -O -g -wmo -parse-as-library -module-name Text $options -c text.swift -o $kind.o; strip --strip-debug $kind.o)
          done
        done
        cmp one/with.o another/place/with.o
        # Else this says nothing.
        ! cmp -s one/without.o another/place/without.o
        """#, [Place.root.string], in: folder)
      #expect(outcome.status == 0, "\(outcome.outputText)\(outcome.errorText)")
    }
  }

  /// The programs must be those of scripts/build: others have been compiled for another kind of linking.
  static var isTried: Bool { Place.programs.string.hasSuffix(".build/release") }

  @Test(.enabled(if: isTried, "the programs are not those of scripts/build"))
  func whatIsInstalledIsSmallAndCannotTalk() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        #"""
        set -eu
        "$1/scripts/link" tree
        cd tree/bin
        for program in *; do
          "./$program" --version > ../said 2>&1 || { echo "$program does not start"; cat ../said; }
          needed=$(readelf -d "$program" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | tr '\n' ' ')
          case $program in
            qtbx-fetch | qtbx-push) ;;
            qtbx-secrets) case $needed in *curl*) echo "$program: $needed" ;; esac ;;
            *) case $needed in *curl* | *ssl* | *crypto*) echo "$program: $needed" ;; esac ;;
          esac
          [ "$(stat -c %s "$program")" -le 3000000 ] || echo "$program is large: $(stat -c %s "$program")"
        done
        case $(readelf -d ../lib/qtbx/libqtbx.so.0 | grep NEEDED) in *curl* | *ssl* | *crypto*) echo 'the library can talk' ;; esac
        [ "$(du -sk .. | cut -f1)" -le 90000 ] || echo "all of it is large: $(du -sk ..)"
        ls "$1/Sources" | grep -c '^qtbx-' > ../sources
        ls | grep -c . | cmp - ../sources
        # The whole way of a record, and not only the start.
        ./qtbx-ag-to-urls -q "$1/fixtures/ag-to-urls/ordinary/input.xml" | cmp - "$1/fixtures/ag-to-urls/ordinary/output.urls"
        # Nothing of the machine where it was built.
        ! grep -rlF "$1/" . ../lib || echo 'a path of the build is in it'
        """#, [Place.root.string], in: folder)
      #expect(outcome.status == 0 && outcome.outputText.isEmpty, "\(outcome.outputText)\(outcome.errorText)")
    }
  }

  // MARK: Pages

  static let canMakePages = ["/usr/bin/lowdown", "/usr/bin/man"].allSatisfy { Files.exists(FilePath($0)) }

  static let pages = Files.names(in: Place.root.appending("docs")).filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }

  /// The manual page of a page: its name, and its section.
  static func manual(_ page: String) -> (name: String, section: Int) {
    page == "qtbx" ? (page, 7) : page.hasPrefix("qtbx-") ? (page, 1) : ("qtbx-" + page, 7)
  }

  /// What a page says outside of a clone, by lines; code has its own.
  private struct Said {
    var text: [String] = []
    var code: [String] = []

    init(_ page: String) {
      var isFence = false
      var isOfClone = false
      for line in page.split(separator: "\n", omittingEmptySubsequences: false).map({ String($0) }) {
        if line == "<!-- in a clone -->" { isOfClone = true }
        if line == "<!-- end of clone -->" { isOfClone = false }
        let words = line.drop { $0 == " " }
        if isOfClone || words.hasPrefix("<!-- ") && words.hasSuffix(" -->") { continue }
        if words.hasPrefix("```") { isFence.toggle() } else if isFence || line.hasPrefix("    ") { code.append(line) } else { text.append(line) }
      }
    }

    /// The lines as a package has them.
    func packaged(_ lines: [String]) -> [String] {
      lines.map {
        $0.replacing("fixtures/demo", with: "/usr/share/doc/qtbx/examples").replacing("../scripts/", with: "/usr/share/qtbx/")
          .replacing("scripts/", with: "/usr/share/qtbx/").replacing(" xslt/", with: " /usr/share/qtbx/xslt/")
      }
    }
  }

  private static func options(of text: String) -> [Substring: Int] {
    Dictionary(text.matches(of: #/--[a-z][a-z_\-]*[a-z]/#).map { ($0.output, 1) }, uniquingKeysWith: +)
  }

  /// Every line of code and every option stands in the manual page as it stands in the page; no name is broken at the end of a line, and no character is made
  /// another one that a shell would not read.
  @Test(.enabled(if: canMakePages, "lowdown or man is not installed"))
  func aManualPageSaysWhatThePageSays() async throws {
    try await Files.withScratch { folder in
      let made = try await run(Place.root.appending("scripts/pages"), [folder.string, "0.1.0", "2026-01-01"])
      #expect(made.status == 0, "\(made.errorText)")
      #expect(Self.pages.count > 40)
      for page in Self.pages {
        let (name, section) = Self.manual(page)
        func rendered(_ width: Int) async throws -> String {
          let path = folder.appending("share/man/man\(section)/\(name).\(section).gz").string
          let outcome = try await run(
            "/usr/bin/man", ["-l", path], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "\(width)", "TERM": "dumb"])
          #expect(outcome.status == 0 && outcome.errorText.isEmpty, "\(page): \(outcome.errorText)")
          return outcome.outputText
        }
        let (wide, narrow) = (try await rendered(400), try await rendered(80))
        let said = Said(String(decoding: try Files.read(Place.root.appending("docs/\(page).md")) ?? [], as: UTF8.self))
        // A tab is shown as blanks.
        func plain(_ line: some StringProtocol) -> String { line.split { $0 == " " || $0 == "\t" }.joined(separator: " ") }
        let lines = Set(wide.split(separator: "\n").map(plain))
        for line in said.packaged(said.code) where !plain(line).isEmpty { #expect(lines.contains(plain(line)), "\(page): \(line)") }
        for text in [wide, narrow] {
          let there = Self.options(of: text)
          for (option, count) in Self.options(of: (said.text + said.code).joined(separator: "\n")) {
            #expect(there[option, default: 0] >= count, "\(page): \(option)")
          }
        }
        let words = Set(wide.split { $0 == " " || $0 == "\n" })
        for word in Set(narrow.split { $0 == " " || $0 == "\n" }) where !words.contains(word) { Issue.record("\(page): broken: \(word)") }
        let source = said.packaged(said.text + said.code).joined()
        for mark in "–—‐‘’“”−" { #expect(narrow.count { $0 == mark } == source.count { $0 == mark }, "\(page): \(mark)") }
        for rest in ["](", "<#", "**"] {
          let isCode = said.code.contains { $0.contains(rest) }
          #expect(isCode || !narrow.contains(rest), "\(page): \(rest)")
        }
      }
    }
  }

  // MARK: The packages

  static let canMakePackages = canMakePages && isTried && ["/usr/bin/dpkg-shlibdeps", "/usr/bin/git"].allSatisfy { Files.exists(FilePath($0)) }

  /// What a page names is there, in the Debian package and in the tarball: files, manual pages, and what a link leads to. The list of what is in them has every
  /// file of both with its checksum, and all licenses of NOTICE. Nothing is needed that only one release of Debian has.
  @Test(.enabled(if: canMakePackages, "the programs are not those of scripts/build, or what makes packages is not installed"))
  func thePackagesAreWhole() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        #"""
        set -euo pipefail
        export root=$1
        qtbx_programs=$2 "$1/scripts/package" made > log 2>&1 || { cat log; exit 1; }
        mkdir tar deb
        tar -C tar --strip-components=1 -xzf made/*.tar.gz
        dpkg-deb -x made/*.deb deb
        (cd made && sha256sum --quiet -c SHA256SUMS)
        dpkg-deb -f made/*.deb Depends | tr ',' '\n' | sed 's/^ *//; s/ .*//' | sort > needs
        printf '%s\n' libc6 libcurl4 libgcc-s1 libssl3 libstdc++6 libxml2 libxslt1.1 make tzdata | sort | diff - needs
        # Every library is one of these packages', or lies beside.
        for file in deb/usr/bin/* deb/usr/lib/qtbx/*; do
          for name in $(readelf -d "$file" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'); do
            [ -e "deb/usr/lib/qtbx/$name" ] || dpkg -S "*/$name" 2> /dev/null | sed 's/:.*//' | grep -qxFf needs || echo "$file needs $name"
          done
        done
        for tree in tar deb/usr; do
          find $tree -name '*.[17].gz' | LC_ALL=C.UTF-8 MANWIDTH=400 TERM=dumb xargs -I{} sh -c 'man -l {} > $(basename {} .gz).said'
          cp $tree/share/doc/qtbx/*.md .
          python3 - $tree *.said *.md << 'END'
        import os, pathlib, re, sys
        tree = pathlib.Path(sys.argv[1])
        for name in sys.argv[2:]:
            text = pathlib.Path(name).read_text()
            named = {place.rstrip("./") for place in re.findall(r"/usr(/share/(?:doc/)?qtbx[\w./-]*)", text)}
            for place in named:
                if not (tree / place[1:]).exists(): print(tree, name, "names", place)
            for place in re.findall(r"(?<![\w/.…-])(?:\.\./)?(?:scripts|docs|xslt|fixtures|Sources|Tests)/[\w.-]*", text): print(tree, name, "names", place)
            for page, section in re.findall(r"(qtbx[a-z-]*)\*{0,2}\(([1-9])\)", text):
                if not (tree / f"share/man/man{section}/{page}.{section}.gz").exists(): print(tree, name, "names the page", page, section)
            for page in re.findall(r"(?<![\w./-])([a-z-]+)\.md\b", text):
                if (pathlib.Path(os.environ["root"]) / f"docs/{page}.md").exists(): print(tree, name, "names", page)
            if name.endswith(".md"):
                for link in re.findall(r"\]\(([^)]*)\)", text):
                    there = tree / "share/doc/qtbx" / link
                    if not link.startswith(("https://", "/usr/share/common-licenses/")) and not there.exists(): print(tree, name, "links to", link)
        END
        done
        python3 - << 'END'
        import hashlib, json, os, pathlib
        document = json.load(next(pathlib.Path("made").glob("*.spdx.json")).open())
        sum = lambda path: hashlib.sha256(path.read_bytes()).hexdigest()
        files = {file["SPDXID"]: file for file in document["files"]}
        wholes = [package for package in document["packages"] if package["filesAnalyzed"]]
        if len(wholes) != 2: print("not both packages")
        for package in wholes:
            tree = pathlib.Path("deb" if package["packageFileName"].endswith(".deb") else "tar")
            if package["checksums"][0]["checksumValue"] != sum(pathlib.Path("made") / package["packageFileName"]): print(tree, "is another one")
            held = [one["relatedSpdxElement"] for one in document["relationships"] if (one["spdxElementId"], one["relationshipType"]) == (package["SPDXID"], "CONTAINS")]
            listed = {files[one]["fileName"]: files[one]["checksums"][1]["checksumValue"] for one in held if one in files}
            there = {"./" + str(path.relative_to(tree)): sum(path) for path in tree.rglob("*") if path.is_file()}
            if listed != there: print(tree, sorted(set(listed.items()) ^ set(there.items())))
            for license in ["Apache-2.0", "WITH Swift-exception", "WITH LLVM-exception", "Unicode-3.0", "MIT", "LicenseRef-uuid"]:
                if license not in package["licenseConcluded"]: print(license, "is missing")
        if "above copyright\n   notice" not in document["hasExtractedLicensingInfos"][0]["extractedText"]: print("the license of UUIDs has no text")
        # Who has parts in it by NOTICE is a package of the document, too.
        notice = pathlib.Path(os.environ["root"], "NOTICE").read_text().split("The tests use")[0]
        holders = {line.strip() for line in notice.split("\n") if line.startswith("    https://")}
        places = {package["downloadLocation"] for package in document["packages"]}
        if holders - places: print("nothing of", holders - places)
        END
        for file in NOTICE README.md copyright; do [ -s deb/usr/share/doc/qtbx/$file ] || echo "the Debian package has no $file"; done
        grep -q 'Microsoft' deb/usr/share/doc/qtbx/copyright
        """#, [Place.root.string, Place.programs.string], in: folder)
      #expect(outcome.status == 0 && outcome.outputText.isEmpty, "\(outcome.outputText)\(outcome.errorText)")
    }
  }
}
