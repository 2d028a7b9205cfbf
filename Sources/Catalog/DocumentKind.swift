/// A kind of document that a program takes: how to know it, and how to know what came instead.
package struct DocumentKind: Sendable {
  /// What a person calls it: "asset group list".
  package var noun: String
  /// The names that the root element may have.
  package var roots: [String]
  /// The element names of its records, as `RecordStream` takes them.
  package var records: [String]
  /// Where elements are known outside the records, besides those of every answer: the names below the root element, without RESPONSE.
  package var skeleton: Set<String>
  /// Its warnings stand in a list of their own, WARNING_LIST.
  package let listsWarnings: Bool
  /// One answer follows from all of its records, and what nobody knows around them may be one of them: it is refused.
  package let isClosed: Bool

  /// The elements around its records are known, besides those of the skeleton.
  package init(
    _ noun: String, roots: [String], records: [String], skeleton: Set<String> = [], listsWarnings: Bool = false, isClosed: Bool = false
  ) {
    self.noun = noun
    self.roots = roots
    self.records = records
    // Whatever stands around a record is known.
    self.skeleton = skeleton.union(records.flatMap { Self.places(around: $0, in: roots) })
    self.listsWarnings = listsWarnings
    self.isClosed = isClosed
  }

  private static func places(around record: String, in roots: [String]) -> [String] {
    var names = record.split(separator: "/").dropLast()[...]
    if let root = names.first, roots.contains(String(root)) { names = names.dropFirst() }
    if names.first == "RESPONSE" { names = names.dropFirst() }
    return names.indices.map { names[...$0].joined(separator: "/") }
  }

  /// The names of the elements that records stand in.
  package var lists: Set<String> {
    Set(records.compactMap { $0.split(separator: "/").dropLast().last.map(String.init) })
  }

  /// The names of the records, for a message.
  package var recordNames: String {
    var names: [String] = []
    for record in records {
      let name = record.split(separator: "/").last.map(String.init) ?? ""
      if !names.contains(name) { names.append(name) }
    }
    return names.joined(separator: " or ")
  }
}
