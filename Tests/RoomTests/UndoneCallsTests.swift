import Base
import Catalog
import Requests
import Support
import SystemPackage
import Testing

/// Whatever a program sends, qtbx-undo must know what becomes of it: a room whose requests it does not know leaves all of them to a person, without a word of
/// what to do.
@Suite struct UndoneCallsTests {
  private static let rooms = Set(Case.all.map(\.room).filter { $0.hasSuffix("-to-urls") }).sorted()

  @Test(arguments: rooms) func everyRequestIsTakenBackSomehow(_ room: String) throws {
    var known = 0
    for one in Case.all where one.room == room {
      guard let bytes = try Files.read(one.folder.appending("output.urls")) else { continue }
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        // Some cases write another format.
        guard case .request(let request)? = try? RequestLine(parsing: Array(line)), request.method != "GET" else { continue }
        let found = Catalog.undoing(path: request.path, below: "", value: request.value)
        #expect(found != nil, "\(one.testDescription): \(request.call)")
        known += found == nil ? 0 : 1
      }
    }
    #expect(known > 0, "no case of \(room) has a request")
  }
}
