/// Why a program could not give its answer: the one error of this project.
///
/// A person reads it as one line, `program: place: reason`. The program adds its own name. Our own words are lower case without a full
/// stop; a library's words follow ours after a colon.
package struct Complaint: Error, Equatable {
  /// What the caller's shell should do about it; the raw value is the exit status.
  package enum Kind: UInt8, Sendable {
    /// The input is not what the program takes.
    case refused = 1
    /// The command line was wrong.
    case usage = 2
    /// Reading or writing failed on this machine.
    case local = 3
    /// The server refused, or could not be reached.
    case remote = 4
    /// What was asked about is not done: an answer, not a failure.
    case unfinished = 5
    /// A sealed file does not open: the passphrase is wrong, or the file was changed.
    case sealed = 6
    /// A record was sent before with other contents: it would be created once more.
    case changed = 7
    /// Our own fault.
    case fault = 70
  }

  /// Whose fault it is: it gives the exit status.
  package var kind: Kind
  /// A file, and a line in it: `export.xml:14`. Nil where there is no such place.
  package var place: String?
  /// What is the matter, for a person, on one line.
  package var reason: String

  package init(_ kind: Kind, _ reason: String, at place: String? = nil) {
    self.kind = kind
    self.place = place
    self.reason = reason
  }

  /// The same complaint at a place, if it has none yet.
  package func at(_ place: String) -> Complaint {
    var placed = self
    if placed.place == nil { placed.place = place }
    return placed
  }

  /// `place: reason`, safe to show on a terminal.
  package var line: String {
    ((place.map { $0 + ": " } ?? "") + reason).shown
  }
}
