internal import CMarkup

/// The command line, as the system handed it to the program.
///
/// Swift's own is read from `/proc`, and is empty where that cannot be read: in a chroot, in a sandbox. A program would then do something
/// else than it was told.
package enum Arguments {
  /// The arguments behind the program's name, nil if the system has not handed them over.
  package static var given: [String]? {
    var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = Int(cmarkup_arguments(&values))
    guard count > 0, let values else { return nil }
    return (1..<max(count, 1)).compactMap { number in values[number].map { String(cString: $0) } }
  }

  /// The first argument that is no UTF-8, with a mark in place of what is none: the file that it names could not be found by that.
  package static var unreadable: String? {
    var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = Int(cmarkup_arguments(&values))
    guard count > 0, let values else { return nil }
    return (1..<max(count, 1)).lazy.compactMap { values[$0] }.first { String(validatingCString: $0) == nil }.map { String(cString: $0) }
  }
}
