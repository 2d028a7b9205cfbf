internal import CSealing
internal import Toolbox

extension [UInt8] {
  /// Overwrites what was not made to be kept from others, once it has served.
  package mutating func wipe() {
    withUnsafeMutableBytes { csealing_wipe($0.baseAddress, $0.count) }
    removeAll()
  }
}

/// From here on, this process leaves no core file, no other process of the same user can look into it, and no child gets q_password.
package func closeProcess() {
  csealing_close_process()
  Secret.takeEnvironment()
}
