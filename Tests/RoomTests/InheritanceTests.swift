import Support
import SystemPackage
import Testing

/// Programs that start others, where they were started by something that does not care how its own children end: that is inherited, and then the system
/// forgets how a child has ended.
@Suite struct InheritanceTests {
  private static let careless = """
    careless() { timeout 60 python3 -c 'import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])' "$@"; }
    programs=$1; fixtures=$2

    """

  private func lines(_ script: String) async throws -> [String] {
    try await Files.withScratch { folder in
      let outcome = try await shell(Self.careless + script, [Place.programs.string, Place.root.appending("fixtures").string], in: folder)
      return (outcome.outputText + outcome.errorText).split(separator: "\n").map { String($0) }
    }
  }

  /// What has failed has failed, also where its status is all that says so.
  @Test func aFilterThatFailsIsNoPlan() async throws {
    let lines = try await lines(
      """
      mkdir alone fakes; cp "$programs/qtbx-plan" alone/; export PATH=$PWD/fakes:/usr/bin:/bin
      printf '#!/bin/sh\\necho "# no requests"; exit 3\\n' > fakes/qtbx-appliances-to-urls; chmod +x fakes/*
      pair=$fixtures/plan/says-what-would-be-done
      status=0; careless alone/qtbx-plan --source $pair/source --target $pair/target --resource appliances > out || status=$?; echo $status; wc -c < out
      """)
    #expect(lines == ["3", "0", "qtbx-plan: qtbx-appliances-to-urls has ended with status 3"])
  }

  /// A command that has printed a passphrase has not failed.
  @Test func aCommandThatPrintsASecretHasNotFailed() async throws {
    let lines = try await lines(
      """
      printf 'kind,title,field,value\\nunix,Root,password,x\\n' > t.csv; chmod 600 t.csv
      careless "$programs/qtbx-secrets" seal -q --passphrase-command 'echo a passphrase of this test' t.csv > sealed; echo $?
      careless "$programs/qtbx-secrets" list --passphrase-command 'echo a passphrase of this test; exit 1' sealed; echo $?
      """)
    #expect(lines == ["0", "3", "qtbx-secrets: sealed: the passphrase command failed"])
  }

  /// And what has ended is not waited for.
  @Test func makeHasEnded() async throws {
    let lines = try await lines(
      """
      "$programs/qtbx-migrate" init --source a.example.com --target b.example.com --send-email no > nothing
      status=0; careless "$programs/qtbx-migrate" lists -n > out 2> said || status=$?; echo $status; grep -c ^qtbx-fetch out | sed 's/[0-9][0-9]*/some/'
      status=0; careless "$programs/qtbx-migrate" status > out || status=$?; echo $status; tail -1 out | cut -d ' ' -f 1-3
      """)
    #expect(lines == ["0", "some", "0", "next: qtbx-migrate lists"])
  }
}
