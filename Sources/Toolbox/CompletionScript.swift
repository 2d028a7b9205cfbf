/// The completion scripts that the argument parser writes, without the subcommand `help` that no program has.
///
/// Beside a FILE that may be repeated, zsh takes it for a second rest of the arguments, and completes nothing.
enum CompletionScript {
  /// A script with the lines taken out that offer the subcommand.
  static func mended(_ script: String) -> String {
    script.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> String? in
      let words = line.drop { $0 == " " }
      // zsh
      if words == "'(-): :->command'" || words == "'(-)*:: :->arg'" { return nil }
      // fish
      if words.hasPrefix("complete -c "), words.contains(" -fa 'help' ") || words.contains(" help\" version' ") { return nil }
      // bash, where a branch may not be empty
      if words.hasPrefix("COMPREPLY+=($(compgen -W 'help' ") { return line.prefix(line.count - words.count) + ":" }
      return String(line)
    }.joined(separator: "\n")
  }
}
