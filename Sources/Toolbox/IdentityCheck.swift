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
  /// Its records have ids: that one lacks it is said.
  private let expectsIDs: Bool
  /// What the target has already.
  private let present: Set<NamedObjects.Key>
  /// What a record's own id becomes, where two records cannot set one object.
  private let own: TranslationRule?
  private var targets = DigestTable(hasValues: false)
  private var records = DigestTable(hasValues: true)
  private var names = DigestTable(hasValues: false)
  private let seed = UInt64.random(in: 1 ... .max)

  init(_ filter: ListFilter) {
    identity = filter.identity
    expectsIDs = identity.id.map { "\($0)" }.contains { path in
      path.hasPrefix("@") || filter.grammar?.hasElement(String(path.prefix { $0 != "/" })) ?? false
    }
    present = filter.present
    own = filter.translation.first { $0.isOwn }
  }

  /// Looks at the next record.
  func look(at record: Span<UInt8>, of kind: String) -> Finding {
    record.withUnsafeBufferPointer { bytes in
      let (idText, nameText) = texts(of: bytes)
      let subject = { Subject(kind: kind, id: idText?.trimmed ?? "", name: nameText?.unframed ?? "") }
      var finding = Finding()
      if let idText, case let id = idText.trimmed, !id.isEmpty {
        let content = digest(bytes)
        if let known = records.insert(digest(of: id), value: content) {
          finding.isLeftOut = true
          finding.notes.append(
            known == content
              ? Note(.skipped, subject(), "the same record stands in the list before")
              : Note(
                .refused, subject(), element: "\(identity.id.first { "\($0)" != "." } ?? identity.id[0])",
                "another record of the list has the same \(idNoun)"))
          return finding
        }
        var unmapped: [Unmapped] = []
        if let target = own?.target(of: id, in: subject(), element: "\(identity.id[0])", &unmapped),
          targets.insert(digest(of: target), value: 0) != nil
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
      if !present.isEmpty, let key = identity.isJoined ? idText : nameText,
        present.contains(NamedObjects.Key(name: identity.known(key), parent: parent(of: bytes)))
      {
        finding.isLeftOut = true
        let one = identity.nameForm == .mail ? "with this e-mail address" : "of this name"
        finding.notes.append(Note(.skipped, subject(), identity.isJoined ? "the target has it" : "the target has one \(one)"))
        return finding
      }
      if let nameText, case let name = identity.known(nameText), !name.isEmpty, names.insert(digest(of: name), value: 0) != nil {
        finding.notes.append(Note(.noted, subject(), element: "\(identity.name[0])", "another record of the list has the same name"))
      }
      return finding
    }
  }

  /// Where the record says its id and its name.
  private func texts(of record: UnsafeBufferPointer<UInt8>) -> (id: String?, name: String?) {
    if identity.name.count == 1, identity.name[0].isName, identity.id.allSatisfy({ $0.isName }) {
      var (id, name) = Outline.children(identity.id[0], identity.name[0], of: record)
      // Of several, the first that is there counts.
      for path in identity.id.dropFirst() where id == nil { (id, _) = Outline.children(path, identity.name[0], of: record) }
      return (id, name)
    }
    outline.read(Array(record))
    return (outline.id(by: identity), outline.text(atFirstOf: identity.name))
  }

  /// What a record is known by: "id", "IP and PORT".
  private var idNoun: String { identity.isJoined ? identity.id.map { "\($0)" == "." ? "kind" : "\($0)" }.joined(separator: " and ") : "id" }

  private func parent(of record: UnsafeBufferPointer<UInt8>) -> String {
    guard let path = identity.parent else { return "" }
    outline.read(Array(record))
    return outline.text(at: path) ?? ""
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
