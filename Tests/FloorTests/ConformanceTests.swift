import Base
internal import Markup
import Support
import SystemPackage
import Testing

/// The W3C XML Conformance Test Suite, through the record stream's own pass.
///
/// The archive lies beside the checkout and is unpacked outside of it: the suite may be passed on unmodified only, so nothing of it is
/// ever copied here. Each of its documents must be refused if no parser may take it, and taken if every parser must, except as
/// `ParsePolicy` says: whatever declares an entity, or refers to one, is refused.
@Suite struct ConformanceTests {
  static let suites = Place.root.appending("..").appending("shared").appending("suites")
  static let archive = suites.appending("xmlts20130923.zip")
  static let expectations = suites.appending("xmlconf-expectations.tsv")
  /// Not in every checkout, since it is no part of the project.
  static let isHere = Files.exists(archive) && Files.exists(expectations)

  /// Documents that libxml2 2.9.14 takes by itself although they are wrong, and what stands before it.
  static let known = [
    // libxml2 believes a byte order mark and then no longer reads what the declaration says.
    "hst-lhs-007": "the XML declaration says iso-8859-1, but the byte order mark says UTF-8",
    "hst-lhs-008": "the XML declaration says UTF-8, but the byte order mark says UTF-16",
    // Two prefixes for one namespace, one of them by an entity that libxml2 does not expand in a namespace's name.
    "rmt-ns10-011": "the document declares the entity \"tilde\": entities are never read here",
  ]

  struct Document {
    var name: String
    var expectation: String
    var bytes: [UInt8]
  }

  @Test(.enabled(if: isHere, "the W3C suite is not beside the checkout: ../shared/suites/xmlts20130923.zip"))
  func takesAndRefusesAsItMust() async throws {
    var taken = 0
    var refused = 0
    var byPolicy = 0
    try await forEachDocument { document in
      let reason = refusal { () throws(Complaint) in try pass(document.bytes) }
      switch (document.expectation, reason) {
      case ("reject", nil): Issue.record("\(document.name): taken, and must be refused")
      case ("reject", let reason?):
        refused += 1
        if let expected = Self.known[document.name] { #expect(reason == expected) }
      case ("accept", nil): taken += 1
      case ("accept", let reason?) where reason.contains("entities are never read here"):
        byPolicy += 1
        // The policy must have something to go by: no document of the suite refers to an entity that it does not declare, and is right.
        #expect(contains("<!ENTITY", document.bytes), "\(document.name): \(reason)")
      case ("accept", let reason?): Issue.record("\(document.name): refused, and must be taken: \(reason)")
      default: break
      }
    }
    // A suite that was not unpacked would pass everything.
    #expect(taken == 687)
    #expect(byPolicy == 80)
    #expect(refused == 951)
  }

  /// Push parsers have a way of their own with documents that come in small pieces.
  @Test(.enabled(if: isHere, "the W3C suite is not beside the checkout: ../shared/suites/xmlts20130923.zip"), arguments: [1, 3])
  func saysTheSameOfPieces(of chunk: Int) async throws {
    var same = 0
    try await forEachDocument { document in
      let whole = Result { () throws(Complaint) in try pass(document.bytes) }
      let pieces = Result { () throws(Complaint) in try pass(document.bytes, chunk: chunk) }
      switch (whole, pieces) {
      case (.success(let one), .success(let other)):
        #expect(one.whole == other.whole, "\(document.name)")
        #expect(one.opened.map(\.line) == other.opened.map(\.line), "\(document.name)")
        #expect(one.opened.map(\.tag) == other.opened.map(\.tag), "\(document.name)")
        #expect(one.closed.map(\.text) == other.closed.map(\.text), "\(document.name)")
        if document.bytes.starts(with: [0x3C]), !contains("encoding", document.bytes) { #expect(one.whole == document.bytes, "\(document.name)") }
        same += 1
      case (.failure(let one), .failure(let other)):
        #expect(one.kind == other.kind, "\(document.name)")
      case (.success, .failure(let reason)): Issue.record("\(document.name): taken as a whole, refused in pieces: \(reason.line)")
      case (.failure(let reason), .success): Issue.record("\(document.name): refused as a whole, taken in pieces: \(reason.line)")
      }
    }
    #expect(same > 1000)
  }

  /// Whatever a document is, cutting it loses nothing.
  @Test(.enabled(if: isHere, "the W3C suite is not beside the checkout: ../shared/suites/xmlts20130923.zip"))
  func cutsWithoutLoss() async throws {
    var cut = 0
    try await forEachDocument { document in
      guard let plain = try? pass(document.bytes), let root = plain.opened.first, root.namespace == nil else { return }
      let names = plain.opened.filter { $0.namespace == nil && $0.path.count == 1 }.map(\.name)
      for records in [[root.name], names] {
        let found = try pass(document.bytes, records: records, chunk: 7)
        #expect(found.whole == plain.whole, "\(document.name)")
        if !records.isEmpty { #expect(!found.records.isEmpty, "\(document.name)") }
        cut += found.records.count
        for record in found.records {
          // Every record is a document again between what stands around it.
          #expect(refusal { () throws(Complaint) in try pass(record.opening + record.text + record.closing) } == nil, "\(document.name): \(record)")
        }
      }
    }
    #expect(cut > 1000)
  }

  private func forEachDocument(_ body: (Document) throws -> Void) async throws {
    let table = try #require(try Files.read(Self.expectations))
    try await Files.withScratch { folder in
      let unpacked = try await run("/usr/bin/env", ["python3", "-m", "zipfile", "-e", Self.archive.string, folder.string])
      try #require(unpacked.status == 0, "\(unpacked.errorText)")
      for line in String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst() {
        let columns = line.split(separator: "\t").map(String.init)
        let path = folder.appending("xmlconf").pushing(FilePath(columns[1]))
        try body(Document(name: columns[0], expectation: columns[2], bytes: #require(try Files.read(path), "\(path)")))
      }
    }
  }

  /// Whether an ASCII word stands in a document, in whatever encoding that keeps ASCII apart from NULs.
  private func contains(_ word: String, _ bytes: [UInt8]) -> Bool { bytes.filter { $0 != 0 }.firstRange(of: Array(word.utf8)) != nil }
}
