import Base
import Glibc
import Processes
import Toolbox

/// A folder of pages that appears whole or not at all: written beside its place under another name, and put there.
final class PageFolder {
  private let path: String
  /// Where it is written.
  private let temporary: String
  private var isKept = false

  /// The full name of its place, without links.
  let place: String
  /// The same of where it is written.
  var written: String { (try? Folder.resolved(temporary)) ?? temporary }

  /// Errors: `local`; `refused` for a folder that holds something else than pages.
  init(_ path: String) throws(Complaint) {
    let plain = Folder.trimmed(path)
    self.path = plain
    guard !["", ".", ".."].contains(Folder.parts(of: plain).name), let place = try? Folder.place(of: plain) else {
      throw Complaint(.local, "cannot find where it should stand", at: plain.shown)
    }
    self.place = place
    if Folder.has(plain), let other = try Descriptor.names(in: plain).first(where: { !Self.isPage($0) }) {
      throw Complaint(.refused, "it holds \(other.shown), which is no page of an audit: name another folder", at: plain.shown)
    }
    var template = Array((place + ".XXXXXX").utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: plain.shown) }
    temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let mask = umask(0)
    umask(mask)
    _ = unsafe chmod(temporary, 0o777 & ~mask)
  }

  deinit { if !isKept { Self.remove(temporary) } }

  private static func isPage(_ name: String) -> Bool { name.hasSuffix(".html") && name.utf8.allSatisfy { $0 > " " && $0 < 0x7F } }

  private static func remove(_ folder: String) {
    for name in (try? Descriptor.names(in: folder)) ?? [] where isPage(name) { _ = unsafe unlink(folder + "/" + name) }
    _ = unsafe rmdir(folder)
  }

  /// A page of it. Errors: `local`.
  func file(_ name: String) throws(Complaint) -> AtomicFile { try AtomicFile(temporary + "/" + name) }

  /// Puts the folder in its place; what stood there is gone. Errors: `local`.
  func commit() throws(Complaint) {
    if unsafe rename(temporary, place) != 0 {
      // An earlier audit stands there: it goes aside, and comes back if this one cannot take its place.
      let earlier = temporary + ".old"
      guard [ENOTEMPTY, EEXIST].contains(errno), unsafe rename(place, earlier) == 0 else { throw failure() }
      guard unsafe rename(temporary, place) == 0 else {
        let complaint = failure()
        _ = unsafe rename(earlier, place)
        throw complaint
      }
      Self.remove(earlier)
    }
    isKept = true
    Descriptor.syncName(of: place)
  }

  private func failure() -> Complaint {
    let reason = Descriptor.reason(errno)
    return Complaint(.local, "cannot write: " + reason, at: path.shown)
  }
}
