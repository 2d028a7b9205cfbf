package import ArgumentParser
package import Base
internal import Glibc
internal import Toolbox

/// What a sealed file is sealed with.
///
/// The same bytes as openssl takes: the first line without its line feed, and nothing else is cut. So letters that are written otherwise are other letters.
package final class Passphrase: Sendable {
  private let bytes: LockedBytes

  fileprivate init(_ bytes: consuming LockedBytes) { self.bytes = bytes }

  func withBytes<Answer>(_ body: (Span<UInt8>) -> Answer) -> Answer { bytes.withBytes(body) }

  /// The first line of an open file. Errors: `local`; `usage` if it is empty or too long.
  package convenience init(firstLineOf descriptor: Int32) throws(Complaint) { self.init(try SecretLine.passphrase.first(of: descriptor)) }

  private func isSame(as other: Passphrase) -> Bool {
    bytes.withBytes { one in other.bytes.withBytes { two in one.count == two.count && one.indices.allSatisfy { one[$0] == two[$0] } } }
  }

  /// What a person types at the terminal without seeing it, twice where a mistake would lock everybody out.
  static func typed(for what: String, isNew: Bool) throws(Complaint) -> Passphrase {
    func ask(_ question: String) throws(Complaint) -> Passphrase {
      guard SilentTerminal.open() else {
        throw Complaint(.usage, "no passphrase: there is no terminal to ask at; give --passphrase-command or --passphrase-fd")
      }
      return try SilentTerminal.ask(question) { terminal throws(Complaint) in try Passphrase(firstLineOf: terminal) }
    }
    let first = try ask("\(isNew ? "New passphrase" : "Passphrase") of \(what.shown): ")
    if isNew, try !ask("Once more: ").isSame(as: first) { throw Complaint(.refused, "the passphrases are not the same: nothing was sealed") }
    return first
  }
}

/// Where a passphrase comes from: never an argument, never the environment, and never standard input where that is data.
package struct PassphraseOptions: ParsableArguments {
  @Option(help: .init("A descriptor whose first line is the passphrase.", valueName: "n"))
  var passphraseFd: Int32?

  @Option(help: .init("A shell command whose first line of output is the passphrase.", valueName: "command"))
  package var passphraseCommand: String?

  @Option(help: .init("How many rounds of PBKDF2 a file of openssl's own was made with (default: 600000).", valueName: "n"))
  package var iter: Int?

  package init() {}

  package mutating func validate() throws {
    Secret.keepFromChildren(passphraseFd)
    if passphraseFd != nil, passphraseCommand != nil {
      throw ValidationError("the passphrase comes from one place: --passphrase-command or --passphrase-fd")
    }
    if let iter, !(1...SealedFile.allowedRounds.upperBound).contains(iter) {
      throw ValidationError("--iter takes a number from 1 to \(SealedFile.allowedRounds.upperBound)")
    }
  }

  /// One of the options is given.
  package var isGiven: Bool { passphraseFd != nil || passphraseCommand != nil || iter != nil }

  /// The passphrase. Errors: `usage` if nobody gives one; `local`.
  ///
  /// - Parameters:
  ///   - what: what it opens, for the person who types it.
  ///   - isNew: a person types it twice.
  ///   - inputIsData: standard input is something else.
  package func passphrase(of what: String, isNew: Bool = false, inputIsData: Bool) throws(Complaint) -> Passphrase {
    try Self.passphrase(passphraseCommand, passphraseFd, of: what, isNew: isNew, inputIsData: inputIsData)
  }

  /// The same from other options. Errors: the same.
  package static func passphrase(
    _ command: String?, _ descriptor: Int32?, of what: String, isNew: Bool, inputIsData: Bool
  ) throws(Complaint) -> Passphrase {
    if let command { return Passphrase(try SecretLine.passphrase.printed(by: command, inputIsData: inputIsData)) }
    guard let descriptor else { return try Passphrase.typed(for: what, isNew: isNew) }
    if descriptor == STDIN_FILENO, inputIsData { throw Complaint(.usage, "standard input is data: the passphrase comes from another descriptor") }
    do throws(Complaint) { return try Passphrase(firstLineOf: descriptor) } catch { throw error.at("descriptor \(descriptor)") }
  }
}
