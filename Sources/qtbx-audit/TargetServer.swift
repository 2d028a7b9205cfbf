import Base
import Requests

/// Whose the journals of a folder must be: in another server, the same ids are other objects. It is what the settings say, or else the server of the first journal.
final class TargetServer {
  private var name: String?
  /// What says so, in front of the name.
  private var words = "the target of the settings is"
  private let isSet: Bool
  private var own = 0
  private var others = 0

  init(_ settings: Settings) {
    name = settings.value("target").flatMap { try? Server($0).base }
    isSet = name != nil
  }

  /// Errors: `refused` if a journal is of another one.
  func check(_ server: String, of file: String) throws(Complaint) {
    guard let name else {
      (name, words) = (server, "\(file) is of")
      return
    }
    if Server.isSame(server, name) {
      own += 1
      return
    }
    others += 1
    throw Complaint(.refused, "this journal is of \(server.shown), and \(words.shown) \(name.shown)")
  }

  /// What is the matter with the settings, if no journal is of their target: then it is more likely that these are wrong.
  var doubt: Complaint? {
    isSet && own == 0 && others > 0 ? Complaint(.refused, "the target is \((name ?? "").shown), and every journal is of another server") : nil
  }
}
