import Base
import Toolbox

/// The log of a job, and what a person must see wherever the log goes.
final class JobLog {
  private let log: StepLog
  private let isOnConsole: Bool
  /// The step that is being done.
  var step = "start"

  /// Errors: `local`.
  init(_ home: Home, isOnConsole: Bool) throws(Complaint) {
    self.isOnConsole = isOnConsole
    log = try StepLog(isOnConsole ? nil : home.path + "/log/policy_merge.log", as: "policy_merge")
  }

  func info(_ message: String) { log.add(message, in: step) }

  func warn(_ message: String) {
    log.add(message, .warning, in: step)
    if !isOnConsole { Terminal.remark("\(step): warning: \(message)".shown) }
  }

  func complain(_ message: String) {
    log.add(message, .error, in: step)
    if !isOnConsole { Terminal.remark("\(step): \(message)".shown) }
  }

  /// Errors: `local` if a line is lost.
  func check() throws(Complaint) { try log.check() }
}
