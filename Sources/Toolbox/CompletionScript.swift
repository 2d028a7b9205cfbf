/// The completion scripts that the argument parser writes, with what they lack.
///
/// - A program without verbs has no subcommand `help`. Beside a FILE that may be repeated, zsh takes it for a second rest of the arguments, and completes nothing.
/// - A value may stand behind `=` in the same word. bash, which splits words there, and zsh complete it as well.
/// - Of a value KEY=VALUE where VALUE is a file, that is what zsh completes, as bash and fish do.
enum CompletionScript {
  /// - Parameter hasVerbs: whether the subcommand `help` is one of several.
  static func mended(_ script: String, hasVerbs: Bool) -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    let isZsh = lines.first?.hasPrefix("#compdef ") == true
    return lines.flatMap { line -> [String] in
      let words = line.drop { $0 == " " }
      let margin = String(line.prefix(line.count - words.count))
      if !hasVerbs {
        // zsh
        if words == "'(-): :->command'" || words == "'(-)*:: :->arg'" { return [] }
        // fish
        if words.hasPrefix("complete -c "), words.contains(" -fa 'help' ") || words.contains(" help\" version' ") { return [] }
        // bash, where a branch may not be empty
        if words.hasPrefix("COMPREPLY+=($(compgen -W 'help' ") { return [margin + ":"] }
      }
      if words == #"local -r prev="${3}""# { return Self.optionOfValue.map { $0.isEmpty ? "" : margin + $0 } }
      if words == #"local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")"# { return [String(line)] + Self.withoutSigns.map { margin + $0 } }
      if isZsh, words.hasPrefix("'"), words.contains("]:") { return [margin + Self.withValue(words)] }
      return [String(line)]
    }.joined(separator: "\n")
  }

  /// bash: `--option=value` and `--option key=value` are three words and four.
  private static let optionOfValue = [
    #"local prev="${3}""#,
    #"local -i option_index="$((COMP_CWORD - 2))""#,
    #"if [[ "${prev}" = = && "${option_index}" -gt 0 ]]; then"#,
    #"    [[ "${COMP_WORDS[option_index]}" = -* || "${option_index}" -lt 2 ]] || ((option_index -= 1))"#,
    #"    [[ "${COMP_WORDS[option_index]}" != = || "${option_index}" -lt 2 ]] || ((option_index -= 1))"#,
    #"    prev="${COMP_WORDS[option_index]}""#,
    "fi",
  ]

  private static let withoutSigns = [
    "local -i sign_index",
    #"for sign_index in "${!unparsed_words[@]}"; do"#,
    #"    [[ "${unparsed_words[sign_index]}" != = ]] || unset "unparsed_words[${sign_index}]""#,
    "done",
    #"unparsed_words=("${unparsed_words[@]}")"#,
  ]

  /// zsh: the line of an option that has a value.
  private static func withValue(_ words: Substring) -> String {
    var line = String(words)
    if line.hasPrefix("'--") || line.hasPrefix("'*--"), let bracket = line.firstIndex(of: "[") {
      line.insert("=", at: bracket)
    } else if let names = line.firstMatch(of: #/\{[^}']*\}(?='\[)/#) {
      // {-o,--output}
      let named = names.output.dropFirst().dropLast().split(separator: ",").map { $0.hasPrefix("--") ? $0 + "=" : String($0) }
      line.replaceSubrange(names.range, with: "{" + named.joined(separator: ",") + "}")
    }
    return line.replacing("=file:_files'", with: #"=file:{compset -P "*="; _files}'"#)
  }
}
