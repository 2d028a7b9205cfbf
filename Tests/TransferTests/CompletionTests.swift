import Support
import SystemPackage
import Testing

/// What a shell offers when Tab is pressed: the scripts are tried in the shells that they are for.
@Suite struct CompletionTests {
  private func script(_ program: String, _ shell: String, in folder: FilePath) async throws {
    let outcome = try await run(Place.program(program), ["--generate-completion-script", shell])
    #expect(outcome.status == 0)
    try Files.write(outcome.output, to: folder.appending("_\(program)"))
  }

  @Test(arguments: [
    ("qtbx-fetch static", "static-search-lists"), ("qtbx-fetch vend", "vendors"), ("qtbx-push --jour", "--journal"), ("qtbx-push som", "some.urls"),
    ("qtbx-push --journal som", "some.urls"), ("qtbx-requests other.urls som", "some.urls"), ("qtbx-push hel", ""),
    ("qtbx-policy-merge --cid_l", "--cid_list"), ("qtbx-policy-merge --cid_file som", "some.urls"),
    // A value in the word of its option, and a file that is a part of a value.
    ("qtbx-ag-to-urls --format=cu", "curl"), ("qtbx-ag-to-urls --format=", "curl jsonl table url xml"), ("qtbx-push --journal=som", "some.urls"),
    ("qtbx-ag-to-urls --map network=som", "some.urls"), ("qtbx-ag-to-urls --map=network=som", "some.urls"),
    ("qtbx-ag-to-urls --format=curl som", "some.urls"),
    // What a setting may be.
    ("qtbx-migrate init --send-email y", "yes"), ("qtbx-migrate push --send-email=n", "no"), ("qtbx-migrate init --skip virt", "virtual-hosts"),
    ("qtbx-migrate init --refused ", "accept"), ("qtbx-migrate init --secrets som", "some.urls"), ("qtbx-migrate ini", "init"),
  ]) func bashOffersWhatFits(_ line: String, _ word: String) async throws {
    try await Files.withScratch { folder in
      let program = String(line.prefix { $0 != " " })
      try await script(program, "bash", in: folder)
      try Files.write([], to: folder.appending("some.urls"))
      let outcome = try await shell(
        """
        . ./_\(program)
        # As bash takes a line apart: `=` is a word, and the one to be completed is empty behind it.
        COMP_LINE=$1; COMP_POINT=${#1}; read -ra COMP_WORDS <<< "${1//=/ = }"; COMP_TYPE=9; COMP_KEY=9
        case $1 in *' ') COMP_WORDS+=('') ;; esac
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) word=${COMP_WORDS[COMP_CWORD]}
        name=$(complete -p \(program) | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        "$name" \(program) "${word#=}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """, [line], in: folder)
      let offered = outcome.outputText.split(separator: "\n").map { $0.prefix { $0 != " " } }
      #expect(offered.sorted() == word.split(separator: " "), "\(outcome.outputText) \(outcome.errorText)")
    }
  }

  @Test(arguments: [
    ("qtbx-fetch static", "static-search-lists"), ("qtbx-fetch vend", "vendors"), ("qtbx-push --jour", "--journal"), ("qtbx-push som", "some.urls"),
    ("qtbx-requests other.urls som", "some.urls"), ("qtbx-ag-to-urls --format=cu", "--format=curl"), ("qtbx-migrate init --send-email y", "yes"),
  ]) func fishOffersWhatFits(_ line: String, _ word: String) async throws {
    try await Files.withScratch { folder in
      let program = String(line.prefix { $0 != " " })
      try await script(program, "fish", in: folder)
      try Files.write([], to: folder.appending("some.urls"))
      let outcome = try await run(
        "/usr/bin/env", ["fish", "--no-config", "-c", "source _\(program); complete -C '\(line)' | cut -f1"], in: folder,
        environment: ["HOME": folder.string])
      #expect(outcome.outputText.split(separator: "\n").filter { !$0.isEmpty } == [word[...]], "\(outcome.outputText) \(outcome.errorText)")
    }
  }

  /// In a terminal: zsh completes nowhere else. The word is completed by Tab, and shown.
  @Test(arguments: [
    ("qtbx-fetch stat", "ic-search-lists"), ("qtbx-push --jour", "nal"), ("qtbx-push som", "e.urls"), ("qtbx-requests other.urls som", "e.urls"),
    ("qtbx-ag-to-urls som", "e.urls"), ("qtbx-ag-to-urls --format=cu", "rl"), ("qtbx-ag-to-urls --format cu", "rl"),
    ("qtbx-ag-to-urls --map network=som", "e.urls"), ("qtbx-ag-to-urls --map=network=som", "e.urls"), ("qtbx-push --journal=som", "e.urls"),
    ("qtbx-migrate init --send-email y", "es"), ("qtbx-migrate init --skip virt", "ual-hosts"),
  ]) func zshOffersWhatFits(_ line: String, _ rest: String) async throws {
    try await Files.withScratch { folder in
      let program = String(line.prefix { $0 != " " })
      try await script(program, "zsh", in: folder)
      try Files.write([], to: folder.appending("some.urls"))
      let setting = "PS1='ready> '; setopt no_beep; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D\n"
      try Files.write(Array(setting.utf8), to: folder.appending(".zshrc"))
      let terminal = Place.root.appending("Tests/TransferTests/terminal.py").string
      // When the line editor says that it reads, not with the prompt: what is typed before may be lost.
      let steps = "[[\"\\u001b[?2004h\",{\"type\":\"\(line)\\t\"}],[\"\(rest)\",{\"type\":\"\\u0015exit\\n\"}]]"
      // Not completed, it would wait for what never comes: no longer than some seconds.
      let outcome = try await run(
        "/usr/bin/env", ["python3", terminal, steps, "zsh", "-i"], in: folder,
        environment: ["ZDOTDIR": folder.string, "HOME": folder.string, "TERM": "xterm", "TERMINAL_SECONDS": "20"])
      #expect(outcome.outputText.contains(rest) && outcome.outputText.contains("status=0"), "\(outcome.outputText)")
      #expect(!outcome.outputText.contains("doubled") && !outcome.outputText.contains("_arguments"), "\(outcome.outputText)")
    }
  }
}
