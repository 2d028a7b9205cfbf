package import Base
internal import Glibc

/// A pipe from a program that is started to this one, which reads lines from it. Both ends are closed with it.
package struct Pipe: ~Copyable {
  private let exit: Int32
  /// Where the program writes to.
  package private(set) var entrance: Int32
  private var lines = LineSplitter()
  /// Whether more may come.
  package private(set) var isOpen = true

  /// Errors: `local`.
  package init() throws(Complaint) {
    (exit, entrance) = try Descriptor.pipe()
    _ = fcntl(exit, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(exit)
    if entrance >= 0 { close(entrance) }
  }

  /// Leaves the entrance to the program that was started with it: it closes it by ending.
  package mutating func handOver() {
    close(entrance)
    entrance = -1
  }

  /// Hands on the lines that are there, and does not wait for more. The last one may have no end. Errors: `local`; those of the body.
  package mutating func take(_ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(Complaint) -> Void) throws(Complaint) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while isOpen {
      let count = unsafe read(exit, &buffer, buffer.count)
      if count > 0 {
        try lines.add(count == buffer.count ? buffer : Array(buffer[..<count]), body)
      } else if count == 0 {
        isOpen = false
        try lines.finish(body)
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        isOpen = false
        throw Complaint(.local, "cannot read: " + Descriptor.reason(errno))
      }
    }
  }

  /// Hands on what is there already: somebody else may keep the pipe open.
  mutating func takeLast(_ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(Complaint) -> Void) throws(Complaint) {
    try take(body)
    isOpen = false
    try lines.finish(body)
  }

  /// Waits until something comes out of one of two pipes, or one of them has ended. Errors: `local`.
  package static func wait(for one: borrowing Pipe, _ other: borrowing Pipe) throws(Complaint) {
    if !wait(for: [one.waited, other.waited]) { throw Complaint(.local, "cannot wait: " + Descriptor.reason(errno)) }
  }

  /// For `poll`, which passes over negative numbers.
  var waited: Int32 { isOpen ? exit : -1 }

  /// Waits until there is something to read, or a signal has come. False if that cannot be done.
  @discardableResult static func wait(for descriptors: [Int32], milliseconds: Int32 = -1) -> Bool {
    var waits = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    return unsafe poll(&waits, nfds_t(waits.count), milliseconds) >= 0 || errno == EINTR
  }
}

extension NamelessFile {
  /// All that is in it, as text. Errors: `local`.
  package func text() throws(Complaint) -> String {
    let length = Int(lseek(descriptor, 0, SEEK_END))
    return String(decoding: try Descriptor.read(descriptor, at: 0, length), as: UTF8.self)
  }
}
