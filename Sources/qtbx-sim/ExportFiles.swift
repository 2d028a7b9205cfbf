import Base
import Catalog
import Glibc
import Markup
import Toolbox

/// Export files, in and out.
enum ExportFiles {
  struct File: Equatable {
    var path: String
    /// The name of the resource, if it was said: `pc-schedules=list.xml`.
    var kind: String?
  }

  /// The XML files of a list of files and folders; folders with the folders in them. Errors: `local`.
  static func files(of paths: [String]) throws(Complaint) -> [File] {
    var files: [File] = []
    for path in paths {
      var (path, kind) = (path, String?.none)
      var status = stat()
      if stat(path, &status) != 0, let sign = path.firstIndex(of: "="), Service.resources.contains(where: { $0.name == path[..<sign] }) {
        (path, kind) = (String(path[path.index(after: sign)...]), String(path[..<sign]))
      }
      guard stat(path, &status) == 0 else { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path) }
      guard status.st_mode & S_IFMT == S_IFDIR else {
        files.append(File(path: path, kind: kind))
        continue
      }
      for name in try Descriptor.names(in: path) where !name.hasPrefix(".") {
        let inner = path + "/" + name
        var status = stat()
        guard stat(inner, &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          files += try Self.files(of: [inner])
        } else if name.hasSuffix(".xml") {
          files.append(File(path: inner, kind: kind))
        }
      }
    }
    return files
  }

  /// Puts the records of files on their stores, and says of each how many they were. An export without an id belongs to the record of a list:
  /// such files come last. Errors: `refused`, with the file: for what is no export, and for a list that was cut back.
  static func load(_ files: [File], into subscription: inout Subscription) throws(Complaint) {
    var later: [File] = []
    var pages: [String: Pages] = [:]
    for file in files where try !load(file, isLast: false, &pages, into: &subscription) { later.append(file) }
    for file in later { _ = try load(file, isLast: true, &pages, into: &subscription) }
    for list in pages.values.filter({ !$0.isWhole }).sorted(by: { $0.path < $1.path }) {
      Terminal.say("qtbx-sim: \(list.path.shown): warning: the list is truncated: no page that was loaded is the last")
    }
    RehearsedResource.followLoaded(&subscription)
  }

  /// What is known of the pages of a list.
  private struct Pages {
    var path: String
    /// One of them does not say that there is more.
    var isWhole = false
  }

  /// False if a file waits for the others.
  private static func load(_ file: File, isLast: Bool, _ pages: inout [String: Pages], into subscription: inout Subscription) throws(Complaint)
    -> Bool
  {
    let path = file.path
    let input = try Input(path)
    let bytes = try input.rest()
    do throws(Complaint) {
      let root = try SplitDocument.root(of: bytes)
      if let (resource, id) = document(file) {
        _ = try SplitDocument(bytes, records: [])
        subscription[of: resource].isKnown = true
        subscription[of: resource].put(RecordStore.Record(id: id, name: "", xml: [], document: bytes))
        Terminal.say("qtbx-sim: \(path.shown): \(resource.counted(1))")
        return true
      }
      var resource = try resource(of: root, SplitDocument.doctype(of: bytes), file.kind)
      // By its own records: what another list calls so, and what a glossary repeats, is none of them.
      var cut = try SplitDocument(bytes, records: resource.records)
      // Searches have one root, whatever was looked for: what was found says it.
      for other in Service.resources where cut.records.isEmpty && file.kind == nil && root == "ServiceResponse" && other.roots.contains(root) {
        let found = try SplitDocument(bytes, records: other.records)
        if !found.records.isEmpty { (resource, cut) = (other, found) }
      }
      if cut.records.isEmpty, !bytes.contains("<data"), cut.root == "ServiceResponse" {
        throw Complaint(.refused, "this is an answer, not a list of tags")
      }
      if cut.isCutBack { throw Complaint(.refused, "the list is truncated (\(RecordForm.cutBack)): fetch it again") }
      if !isLast, resource.adopt != nil, let id = resource.keys.id, cut.records.first.map({ $0.child(id) == nil }) == true { return false }
      pages[resource.name, default: Pages(path: path)].path = path
      if !cut.goesOn { pages[resource.name]?.isWhole = true }
      subscription[of: resource].isKnown = true
      resource.learn?(cut.values, &subscription)
      subscription.listRequest = cut.request
      for (record, line) in zip(cut.records, cut.lines) {
        do throws(Complaint) { try shelve(record, of: resource, root: cut.root, &subscription) } catch { throw error.at("\(path):\(line)") }
      }
      Terminal.say("qtbx-sim: \(path.shown): \(resource.counted(cut.records.count))")
      return true
    } catch {
      throw error.at(path + (error.place.map { ":" + $0 } ?? ""))
    }
  }

  /// A document that is kept as a whole, of which no root is known: its place says what it is, `subscription.xml`, `user-preferences/20001.xml`.
  private static func document(_ file: File) -> (RehearsedResource, id: Int)? {
    let parts = file.path.split(separator: "/").map { String($0) }
    guard let name = parts.last, name.hasSuffix(".xml") || file.kind != nil else { return nil }
    let stem = name.hasSuffix(".xml") ? String(name.dropLast(4)) : name
    let one = RehearsedResource.subscription
    if (file.kind ?? stem) == one.name { return (one, 1) }
    let many = RehearsedResource.userPreferences
    guard (file.kind ?? parts.dropLast().last) == many.name, let id = Check.number(stem) else { return nil }
    return (many, id)
  }

  /// What a document's root says that it is, or somebody who knows. The list of compliance schedules may have the root of the other one:
  /// then its DOCTYPE tells. So it is with addresses: the hosts of a subscription have the same root as those that are not to be scanned.
  private static func resource(of root: String, _ doctype: String, _ kind: String?) throws(Complaint) -> RehearsedResource {
    let said = kind ?? (root == "SCHEDULE_SCAN_LIST_OUTPUT" && doctype.contains("/schedule/scan/compliance/") ? Resource.pcSchedules.name : nil)
    let both = [Resource.schedules.name, Resource.pcSchedules.name]
    let found = Service.resources.first { resource in
      if let said {
        return resource.name == said && (resource.roots.contains(root) || both.contains(said) && root.hasSuffix("SCHEDULE_SCAN_LIST_OUTPUT"))
      }
      return resource.roots.contains(root) && resource.address.map { doctype.contains($0) } != false
    }
    if let found { return found }
    if said == nil, let other = Service.resources.first(where: { $0.roots.contains(root) }) {
      throw Complaint(.refused, "this is a document \(root), and no DOCTYPE says of what: write \(other.name)=FILE")
    }
    throw Complaint(.refused, "this is a document \(root), which is no export \(kind.map { "of \($0)" } ?? "that is known here")")
  }

  private static func shelve(_ record: [UInt8], of resource: RehearsedResource, root: String, _ subscription: inout Subscription) throws(Complaint) {
    guard let key = resource.keys.id else {
      if let adopt = resource.adopt { return try adopt(root, record, &subscription) }
      let id = subscription[of: resource].newID()
      return subscription[of: resource].put(RecordStore.Record(id: id, name: "", xml: record))
    }
    let text = record.child(key)
    if let adopt = resource.adopt, text == nil { return try adopt(root, record, &subscription) }
    guard let text, !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else {
      throw Complaint(.refused, "\(resource.noun) without an \(key)")
    }
    guard let id = Check.number(text), id <= Check.largestID else {
      throw Complaint(.refused, "\(resource.noun) \(text): an \(key) of more than 18 digits")
    }
    if subscription[of: resource][id] != nil { throw Complaint(.refused, "\(resource.noun) \(id) is there twice") }
    subscription[of: resource].put(RecordStore.Record(id: id, name: record.child(resource.keys.name) ?? "", xml: record))
    if record.contains("<TIME_ZONE_CODE>") { learn(from: Element(record), &subscription) }
  }

  /// What a schedule says of its time zone and of who is told is said of the next one with the same code, the same id.
  private static func learn(from schedule: Element, _ subscription: inout Subscription) {
    if let zone = schedule.child("SCHEDULE")?.child("TIME_ZONE") {
      subscription.zones[zone.value("TIME_ZONE_CODE")] = zone.value("TIME_ZONE_DETAILS")
    }
    for group in schedule.descendants("DISTRIBUTION_GROUP") where !group.value("TITLE").isEmpty {
      subscription.distributionGroups[group.value("ID")] = group.value("TITLE")
    }
  }

  /// Writes every store that holds something into a folder, each file whole or not at all. Errors: `local`.
  static func save(_ subscription: Subscription, in folder: String) throws(Complaint) {
    try makeFolder(folder)
    for resource in Service.resources {
      guard let kept = resource.resource, subscription[kept].isKnown else { continue }
      let records = subscription[kept].all
      if kept.pageRecords.isEmpty {
        for record in records {
          let isOne = kept.name == Resource.subscription.name
          if !isOne { try makeFolder("\(folder)/\(resource.name)") }
          try write(record.document, to: isOne ? "\(folder)/\(resource.name).xml" : "\(folder)/\(resource.name)/\(record.id).xml")
        }
        continue
      }
      if let saved = resource.saved {
        try write(saved(records), to: "\(folder)/\(resource.name).xml")
      } else if !resource.roots.isEmpty {
        let call = Call(method: "GET", path: resource.endpoints[0].path.replacingStar(with: resource.endpoints[0].versions[0]))
        try write(resource.list(records.map(\.xml), subscription, for: call).body, to: "\(folder)/\(resource.name).xml")
      }
      for record in records where !record.document.isEmpty {
        let inner = "\(folder)/\(resource.name)"
        try makeFolder(inner)
        try write(resource.whole?(record) ?? record.document, to: "\(inner)/\(record.id).xml")
      }
    }
  }

  private static func makeFolder(_ path: String) throws(Complaint) {
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: path) }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(Complaint) {
    var file = try AtomicFile(path)
    try file.append(bytes)
    try file.commit()
  }
}

extension String {
  func replacingStar(with word: String) -> String { split(separator: "*", omittingEmptySubsequences: false).joined(separator: word) }
}
