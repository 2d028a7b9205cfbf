internal import Catalog
internal import Markup
internal import Requests

/// Finds records of a list that stand in it twice, on two pages for example, and different ones that share an id or a name.
///
/// It keeps a digest of each id, record and name: some 30 to 65 bytes for each record, whatever their size.
final class IdentityCheck {
  /// What is known of a record before it is worked on.
  struct Finding {
    var notes: [Note] = []
    /// The record goes no further.
    var isLeftOut = false
  }

  private let identity: Identity
  private var outline = Outline()
  /// It is that of the record that is looked at.
  private var isOutlined = false
  /// Its records have ids: that one lacks it is said.
  private let expectsIDs: Bool
  /// What the target has already.
  private let present: Set<NamedObjects.Key>
  /// What the records are, and its digest: an object of another kind is another one, whatever its id and its name are.
  private var kind = ""
  private var kindDigest: UInt64 = 0
  /// What a record's own id becomes, where two records cannot set one object.
  private let own: TranslationRule?
  private var targets = DigestTable(hasValues: false)
  /// What becomes of the id of what a record is below.
  private let parentRule: TranslationRule?
  /// Of the other objects that belong to one record only.
  private let sole: TranslationRule?
  private var owned = DigestTable(hasValues: false)
  private var records = DigestTable(hasValues: true)
  private var names = DigestTable(hasValues: false)
  private let seed = UInt64.random(in: 1 ... .max)

  init(_ filter: ListFilter) {
    identity = filter.identity
    expectsIDs = identity.id.map { "\($0)" }.contains { path in
      path.hasPrefix("@") || filter.grammar?.hasElement(String(path.prefix { $0 != "/" })) ?? false
    }
    present = filter.present.keys
    own = filter.translation.first { $0.isOwn }
    let parent = identity.parent.map { "\($0)" }
    parentRule = filter.translation.first { parent != nil && $0.path == parent }
    sole = filter.translation.first { $0.isSole }
  }

  /// Looks at the next record.
  func look(at record: Span<UInt8>, of kind: String) -> Finding {
    if kind != self.kind { (self.kind, kindDigest) = (kind, digest(of: kind)) }
    return record.withUnsafeBufferPointer { bytes in
      isOutlined = false
      let said = texts(of: bytes)
      let name = said.name.map(identity.known) ?? ""
      let subject = { Subject(kind: kind, id: said.id?.trimmed ?? "", name: said.name?.unframed ?? "") }
      var finding = Finding()
      if let idText = said.id, case let id = idText.trimmed, !id.isEmpty, let path = said.path {
        let content = digest(bytes)
        if let known = records.insert(kindDigest ^ digest(of: key(of: id, at: path, in: bytes)), value: content) {
          finding.isLeftOut = true
          finding.notes.append(
            known == content
              ? Note(.skipped, subject(), "the same record stands in the list before")
              : Note(.refused, subject(), element: "\(path)", "another record of the list has the same \(idNoun(at: path))"))
          return finding
        }
        var unmapped: [Unmapped] = []
        if let target = own?.target(of: id, in: subject(), element: "\(identity.id[0])", &unmapped),
          targets.insert(kindDigest ^ digest(of: target), value: 0) != nil
        {
          finding.isLeftOut = true
          let reason = "the map has \(target) for another record of the list, too: one of them would take the place of the other"
          finding.notes.append(Note(.refused, subject(), element: "\(identity.id[0])", reason))
          return finding
        }
      } else if expectsIDs, !identity.isJoined {
        finding.notes.append(
          Note(.noted, subject(), element: "\(identity.id[0])", "without an id, what the request creates cannot be found in a map"))
      }
      // Of whatever kind: some names are unique among several. What has no name is not what the target has without one.
      if !name.isEmpty, names.insert(digest(of: name), value: 0) != nil {
        finding.notes.append(Note(.noted, subject(), element: "\(identity.name[0])", "another record of the list has the same name"))
      }
      let known = identity.isJoined ? said.id.map(identity.known) ?? "" : name
      if !present.isEmpty, !known.isEmpty, let parent = targetParent(of: bytes),
        present.contains(NamedObjects.Key(kind: kind, name: known, parent: parent))
      {
        finding.isLeftOut = true
        let one = identity.nameForm == .mail ? "with this e-mail address" : "of this name"
        finding.notes.append(Note(.skipped, subject(), identity.isJoined ? "the target has it" : "the target has one \(one)"))
        return finding
      }
      if let sole, !identity.isEverywhere(said.id?.trimmed ?? "", said.name ?? ""), let note = note(onOwnedBy: sole, in: bytes, of: subject()) {
        finding.isLeftOut = true
        finding.notes.append(note)
      }
      return finding
    }
  }

  /// What a record says of itself.
  private struct Texts {
    var id: String?
    /// Where that stands: of an id that is joined, the first place that has a name.
    var path: StaticString?
    var name: String?
  }

  private func read(_ record: UnsafeBufferPointer<UInt8>) {
    if !isOutlined { outline.read(Array(record)) }
    isOutlined = true
  }

  /// Where the record says its id and its name.
  private func texts(of record: UnsafeBufferPointer<UInt8>) -> Texts {
    var texts = Texts()
    if identity.name.count == 1, identity.name[0].isName, identity.id.allSatisfy({ $0.isName }) {
      // Of several, the first that is there counts.
      for path in identity.id where texts.id == nil {
        let (id, name) = Outline.children(path, identity.name[0], of: record)
        if id != nil { texts.path = path }
        (texts.id, texts.name) = (id, texts.name ?? name)
      }
      // A name that is an id, too, is found as that.
      if texts.name == nil, let path = texts.path, "\(path)" == "\(identity.name[0])" { texts.name = texts.id }
      return texts
    }
    read(record)
    texts.id = outline.id(by: identity)
    texts.path = identity.isJoined ? identity.id.first { "\($0)" != "." } ?? identity.id.first : identity.id.first { outline.text(at: $0) != nil }
    texts.name = outline.text(atFirstOf: identity.name)
    return texts
  }

  /// What a record cannot have in common with another. What is no id of its own is told apart within what it is below only.
  private func key(of id: String, at path: StaticString, in record: UnsafeBufferPointer<UInt8>) -> String {
    guard identity.isJoined || isName(path) else { return id }
    let key = identity.isJoined ? identity.known(id) : id
    let parent = parent(of: record)
    return ["", "0"].contains(parent) ? key : key + "\n" + parent
  }

  private func isName(_ path: StaticString) -> Bool { identity.name.contains { "\($0)" == "\(path)" } }

  /// What a record is known by: "id", "name", "IP and PORT".
  private func idNoun(at path: StaticString) -> String {
    guard identity.isJoined else { return isName(path) ? "name" : "id" }
    return identity.id.map { "\($0)" == "." ? "kind" : "\($0)" }.joined(separator: " and ")
  }

  /// The id of what the record is below, or its type.
  private func parent(of record: UnsafeBufferPointer<UInt8>) -> String {
    guard let path = identity.parent else { return "" }
    read(record)
    return outline.text(at: path)?.trimmed ?? ""
  }

  /// The same in the target; nil where no map says it, which is told by the map.
  private func targetParent(of record: UnsafeBufferPointer<UInt8>) -> String? {
    let parent = parent(of: record)
    guard let parentRule, !["", "0"].contains(parent) else { return parent }
    var unmapped: [Unmapped] = []
    return parentRule.target(of: parent, in: Subject(kind: ""), element: "", &unmapped)
  }

  /// Why a record cannot have what another has already, or it has itself.
  private func note(onOwnedBy rule: TranslationRule, in record: UnsafeBufferPointer<UInt8>, of subject: Subject) -> Note? {
    read(record)
    for index in outline.elements.indices.dropFirst() where outline.elements[index].isLeaf && outline.path(to: index) == rule.path {
      let id = outline.text(outline.elements[index].content).trimmed
      var unmapped: [Unmapped] = []
      guard !id.isEmpty, !rule.passes(id) else { continue }
      // Without a target it is told by the map, and is what it is in the source.
      let target = rule.target(of: id, in: subject, element: "", &unmapped)
      guard owned.insert(digest(of: target.map { "t" + $0 } ?? "s" + id), value: 0) != nil else { continue }
      let map = target == nil || target == id ? "" : ", which is \(target ?? "") in the target,"
      return Note(
        .refused, subject, element: rule.path ?? "",
        "\(rule.noun) \(id)\(map) stands in the list before, and it can be of one \(Resource.noun(of: subject.kind)) only")
    }
    return nil
  }

  private func digest(of text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { digest($0) }
  }

  /// Eight bytes at a time, folded by a multiplication; the seed keeps a document from being made to collide.
  private func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var state = seed ^ UInt64(raw.count)
    func fold(_ word: UInt64) {
      let (high, low) = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      state = high ^ low ^ seed.byteSwapped
    }
    var at = 0
    while at + 8 <= raw.count {
      fold(raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest: UInt64 = 0
    while at < raw.count {
      rest = rest << 8 | UInt64(raw[at])
      at += 1
    }
    fold(rest)
    fold(seed)
    return state
  }
}

/// A table of digests, each with another if it has values: open addressing in flat arrays, since there may be a million.
private struct DigestTable {
  private let hasValues: Bool
  private var keys: [UInt64] = Array(repeating: 0, count: 1 << 8)
  private var values: [UInt64]
  private var count = 0

  init(hasValues: Bool) {
    self.hasValues = hasValues
    values = hasValues ? keys : []
  }

  /// Adds a key; returns the value that it has already, and leaves that.
  mutating func insert(_ digest: UInt64, value: UInt64) -> UInt64? {
    // 0 is an empty place.
    let key = digest == 0 ? 1 : digest
    if count * 4 >= keys.count * 3 { grow() }
    let place = place(of: key)
    if keys[place] == key { return hasValues ? values[place] : 0 }
    keys[place] = key
    if hasValues { values[place] = value }
    count += 1
    return nil
  }

  private func place(of key: UInt64) -> Int {
    var at = Int(truncatingIfNeeded: key) & (keys.count - 1)
    while keys[at] != 0, keys[at] != key { at = (at + 1) & (keys.count - 1) }
    return at
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = Array(repeating: 0, count: oldKeys.count * 2)
    if hasValues { values = keys }
    for at in oldKeys.indices where oldKeys[at] != 0 {
      let place = place(of: oldKeys[at])
      keys[place] = oldKeys[at]
      if hasValues { values[place] = oldValues[at] }
    }
  }
}
