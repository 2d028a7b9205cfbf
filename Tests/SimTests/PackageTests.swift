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
}
