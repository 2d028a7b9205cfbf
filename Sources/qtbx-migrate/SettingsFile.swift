import Base
import Toolbox

/// The settings of a migration: a line `key = value` each, with the names of the options. A line that begins with `#` is for people.
enum SettingsFile {
  /// Reads a file. Errors: `usage` for a line that is none, a setting that nobody knows, one that stands twice, and a value that cannot be meant,
  /// with its line; `local`.
  static func options(in path: String, shownAs shown: String) throws(Complaint) -> MigrationOptions {
    var options = try MigrationOptions.none()
    let bytes = try Input(path).rest()
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Complaint(.usage, "this is not UTF-8", at: shown.shown) }
    var lines: [String: Int] = [:]
    for (index, line) in text.utf8.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      do throws(Complaint) {
        guard let (setting, value) = try Self.setting(in: trimmed(String(decoding: line, as: UTF8.self))) else { continue }
        if let before = lines.updateValue(index + 1, forKey: setting.name) {
          throw Complaint(.usage, "\(setting.name) stands in line \(before) already")
        }
        try setting.check(value)
        options[keyPath: setting.place] = value
      } catch {
        // A setting has no hyphens before it.
        let reason = error.reason.hasPrefix("--") ? String(error.reason.dropFirst(2)) : error.reason
        throw Complaint(error.kind, reason, at: "\(shown.shown):\(index + 1)")
      }
    }
    return options
  }

  /// What a line sets. Nil for one that is empty, or for people.
  private static func setting(in line: String) throws(Complaint) -> (Setting, String)? {
    if line.isEmpty || line.hasPrefix("#") { return nil }
    // By bytes: with an accent behind it, it is another character.
    guard let sign = line.utf8.firstIndex(of: "=") else {
      // Whatever else the line says may be a secret.
      throw Complaint(.usage, "a setting is key = value, and this is none: \(String(line.prefix { !$0.isWhitespace && $0 != ":" }).shown)")
    }
    let key = trimmed(String(line[..<sign]))
    let value = trimmed(String(line[line.utf8.index(after: sign)...]))
    if let setting = Setting.all.first(where: { $0.name == key }) { return (setting, value) }
    if key.hasSuffix("password") || key.hasSuffix("passphrase") {
      throw Complaint(
        .usage, "no secret stands in a file of settings: source-netrc-file, source-password-command, passphrase-command say where one comes from")
    }
    let near = key.nearest(of: Setting.all.map(\.name)).map { ", perhaps \($0)" } ?? ""
    throw Complaint(.usage, "there is no setting \(key.shown)\(near)")
  }

  /// Without the blanks around it. By scalars: one with an accent behind it is another character.
  private static func trimmed(_ text: String) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == " " || byte == "\t" || byte == "\r" }
    let bytes = text.utf8.drop(while: isBlank)
    return String(decoding: bytes.prefix(bytes.count - bytes.reversed().prefix(while: isBlank).count), as: UTF8.self)
  }

  /// A file with all that can be set: what is known, and the rest as comments. Errors: `usage` for a value that would be read back as another one.
  static func text(of options: MigrationOptions) throws(Complaint) -> String {
    var text = """
      # The settings of a migration, for qtbx-migrate: key = value, a line each. The command line goes before them.
      # What a line that begins with # would set is not set. Names of files are from the folder that this folder stands in.

      """
    for chapter in Setting.chapters {
      text += "\n# ---- \(chapter.title)\n"
      for setting in chapter.settings {
        text += "\n# \(setting.meaning)\n"
        if let value = options[keyPath: setting.place], !value.isEmpty || setting.form == .options {
          // Blanks around the words of options mean nothing, and one behind a backslash is a word's.
          let written = setting.form == .options ? try ShellWords.written(value) : value
          guard trimmed(written).utf8.elementsEqual(written.utf8) else {
            throw Complaint(.usage, "--\(setting.name): a file of settings keeps no blank at the beginning or the end of a value")
          }
          text += "\(setting.name) = \(written)".trimmedEnd + "\n"
        } else {
          text += "# \(setting.name) = \(setting.example)".trimmedEnd + "\n"
        }
      }
    }
    return text
  }
}

extension Setting {
  /// What the comment in a new file shows.
  fileprivate var example: String {
    switch form {
    case .server: "qualysapi.qualys.com"
    case .oneOf(let words): words[0]
    case .options: name == "tag-options" ? "--orphans-under 'Imported tags'" : ""
    default: placeholder.uppercased()
    }
  }
}

extension String {
  /// Without blanks at the end.
  fileprivate var trimmedEnd: String { hasSuffix(" ") ? String(dropLast()).trimmedEnd : self }
}
