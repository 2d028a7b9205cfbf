import Base
import Catalog
import Requests
import Testing

/// What takes a call back, as the catalog says it.
@Suite struct UndoingTests {
  private static let all = Catalog.undone.flatMap { resource in resource.undoings.map { (resource: resource, undoing: $0) } }

  /// A call, with a version and an id where such things stand.
  private static func request(_ path: String, _ parameters: [(name: String, value: String)]) -> Request {
    var request = Request(path: path.replacing("{version}", with: "3.0").replacing("{id}", with: "41"))
    request.parameters = parameters.map { Request.Parameter(name: $0.name, value: $0.value) }
    return request
  }

  /// Whatever creates something has its answer, and so has every kind that a migration moves.
  @Test func everythingThatIsCreatedIsTakenBackSomehow() {
    for resource in Catalog.all {
      for creation in resource.creations {
        var parameters = creation.action.isEmpty ? [] : [(name: "action", value: creation.action)]
        // Report templates say it beside a body.
        if resource.name == "report-templates" { parameters.append((name: "action", value: "create")) }
        if let condition = creation.condition { parameters.append(condition) }
        let request = Self.request(creation.path, parameters)
        let found = Catalog.undoing(path: request.path, below: "user", value: request.value)
        #expect(found?.undoing.creates == true, "\(resource.name): \(creation.path) \(creation.action)")
      }
    }
    for resource in Catalog.movable { #expect(!resource.undoings.isEmpty, "\(resource.name)") }
  }

  /// Each names its object in one way, and is known for what it is.
  @Test func everyDeletionHasWhatItNeeds() throws {
    for (resource, undoing) in Self.all {
      #expect(undoing.path.hasPrefix("/"), "\(resource.name)")
      switch undoing.way {
      case .person(let reason): #expect(!reason.isEmpty && !reason.hasSuffix("."), "\(resource.name): \(undoing.path)")
      case .deletion(let deletion):
        #expect(undoing.creates, "\(resource.name): \(undoing.path)")
        let ways = [deletion.path.contains("{id}"), !deletion.id.isEmpty, !deletion.key.isEmpty]
        #expect(ways.count { $0 } == 1, "\(resource.name): \(deletion.path)")
        #expect(!deletion.takesSeveral || !deletion.id.isEmpty)
        var request = Self.request(deletion.path, deletion.parameters)
        if !deletion.body.isEmpty { request.body = .xml(Array(deletion.body.utf8)) }
        try request.check()
        #expect(request.deletion != nil && Request(call: request.call)?.deletion != nil, "\(resource.name): \(deletion.path)")
        // What creates is none.
        let creation = Self.request(undoing.path, undoing.parameters)
        #expect(creation.deletion == nil, "\(resource.name): \(undoing.path)")
        #expect(Request(call: creation.call)?.call == creation.call)
      }
    }
  }

  /// What names others goes before them.
  @Test func whatIsNamedIsTakenBackLater() throws {
    func place(_ name: String) throws -> Int { try #require(Catalog.undone.firstIndex { $0.name == name }, "\(name)") }
    for resource in Catalog.movable {
      for other in Catalog.before(resource) { #expect(try place(resource.name) < place(other.name), "\(resource.name), \(other.name)") }
    }
    #expect(try place("exceptions") < place("policies"))
  }

  /// No secret, and nothing but what says what is done.
  @Test func aCallSaysNoMoreThanIsNeeded() {
    var request = Self.request("/api/2.0/fo/asset/vhost/", [("action", "create"), ("ip", "192.0.2.1"), ("port", "443"), ("fqdn", "www.example.com")])
    #expect(request.call == "POST /api/2.0/fo/asset/vhost/?action=create&ip=192.0.2.1&port=443")
    request = Self.request("/api/2.0/fo/auth/unix/", [("action", "create"), ("title", "Root"), ("ips", "192.0.2.1")])
    request.parameters.append(Request.Parameter(name: "password", value: "unix/Root/password", isSecret: true))
    #expect(request.call == "POST /api/2.0/fo/auth/unix/?action=create")
    #expect(Self.request("/api/2.0/fo/widget/", [("action", "spin"), ("title", "x")]).call == "POST /api/2.0/fo/widget/?action=spin")
    for broken in ["", "POST", "POST x", "POST /a?b", " "] { #expect(Request(call: broken) == nil, "\(broken)") }
  }

  /// FIPS 180-4, and what lies about the lengths at which a block ends.
  @Test func digestsAreThoseOfTheStandard() {
    #expect(SHA256.hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(SHA256.hex(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(SHA256.hex(Array(repeating: 0x61, count: 1_000_000)) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
