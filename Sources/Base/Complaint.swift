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
    /// The service refused, did a part of it, or gave something else than was asked for: somebody has to mend something.
    case remote = 4
    /// What was asked about is not done: an answer, not a failure.
    case unfinished = 5
    /// A sealed file does not open: the passphrase is wrong, or the file was changed.
    case sealed = 6
    /// A record was sent before with other contents, or the target has its name by now: it would be created once more.
    case changed = 7
    /// A request may have been done, and nobody knows: somebody has to look.
    case unknown = 8
    /// No answer, or none yet: nothing was refused, and the same can be asked for later.
    case unanswered = 9
    /// Our own fault.
    case fault = 70

    /// How a run ends of which several hold, the gravest first. What may have been done wants eyes before anything is sent again; what was refused wants a
    /// hand; what was not answered wants time alone. A script that waits and asks again on 9 must not do so while one of the others holds.
    private static let byGravity: [Kind] = [.unknown, .remote, .unanswered]

    /// The gravest of what the server has to do with; nil if there is none.
    package static func gravest(of kinds: [Kind]) -> Kind? { byGravity.first(where: kinds.contains) }
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

  /// Several complaints as one that says them all, each once; nil if there are none. The first one gives the exit status.
  package static func all(_ complaints: [Complaint]) -> Complaint? {
    guard var whole = complaints.first else { return nil }
    var said: [Complaint] = []
    for complaint in complaints where !said.contains(complaint) { said.append(complaint) }
    whole.reason = ([whole.reason] + said.dropFirst().map { ($0.place.map { $0 + ": " } ?? "") + $0.reason }).joined(separator: "; ")
    return whole
  }

  /// `place: reason`, safe to show on a terminal.
  package var line: String {
    ((place.map { $0 + ": " } ?? "") + reason).shown
  }
}
