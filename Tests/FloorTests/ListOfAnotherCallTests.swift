import Catalog
import Requests
import Testing

/// What a document says of itself, and what its records are known by.
@Suite struct ListOfAnotherCallTests {
  /// Lists that look alike, of objects of different kinds.
  private static let pairs: [(one: Resource, other: Resource)] = Catalog.all.flatMap { one in
    Catalog.all.compactMap { other in
      let areAlike = !Set(one.document.roots).isDisjoint(with: other.document.roots)
      return areAlike && !one.kind.isEmpty && !other.kind.isEmpty && one.kind != other.kind && one.document.roots != ["ServiceResponse"]
        ? (one, other) : nil
    }
  }

  /// Each of them says by its path, in a request or a DOCTYPE, that it is no list of the other.
  @Test func listsThatLookAlikeAreToldByTheirCalls() {
    #expect(Self.pairs.contains { $0.one.name == "ips" && $0.other.name == "excluded-hosts" })
    for (one, other) in Self.pairs where !other.list.path.contains("{id}") {
      let path = other.list.path.replacing("{version}", with: "2.0")
      for text in [path, "https://qualysapi.example.com\(path)", "https://qualysapi.example.com\(path)list_output.dtd"] {
        #expect(Catalog.other(than: [one], answering: text)?.kind == other.kind, "\(one.name), \(text)")
        #expect(Catalog.other(than: [other], answering: text) == nil, "\(other.name), \(text)")
        #expect(Catalog.other(than: [one, other], answering: text) == nil, "\(text)")
      }
      let bare = String(path.dropLast(path.hasSuffix("/") ? 1 : 0))
      #expect(Catalog.other(than: [one], answering: bare)?.kind == other.kind, "\(bare)")
      #expect(Catalog.other(than: [one], answering: "") == nil && Catalog.other(than: [one], answering: "/api/2.0/fo/other/") == nil)
    }
  }

  /// One address is one key, however it is written; two are two.
  @Test func anAddressAndAPortAreAKey() throws {
    let identity = try #require(Resource.virtualHosts.identity)
    func isOne(_ texts: String...) -> Bool { Set(texts.map(identity.known)).count == 1 }
    #expect(isOne("192.0.2.1:80", " 192.0.2.1:080\n", "192.0.2.1:00080"))
    #expect(isOne("192.0.2.1:0", "192.0.2.1:000"))
    #expect(isOne("2001:db8::1:443", "2001:DB8:0::1:0443", "2001:0db8:0:0:0:0:0:1:443"))
    for (one, other) in [
      ("192.0.2.1:80", "192.0.2.1:8"), ("192.0.2.1:80", "192.0.2.1:800"), ("192.0.2.1:80", "192.0.2.10:80"), ("2001:db8::1:443", "2001:db8::2:443"),
      ("192.0.2.1:0", "192.0.2.1:"),
    ] { #expect(!isOne(one, other)) }
    #expect(IPv6Address("2001:db8::1")?.groups == "2001:db8:0:0:0:0:0:1" && IPv6Address("::ffff:192.0.2.1")?.groups == "0:0:0:0:0:ffff:c000:201")
    #expect(IPv6Address("2001:db8::1::") == nil)
  }
}
