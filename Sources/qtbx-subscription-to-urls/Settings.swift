import Base
import Catalog
import Markup
import Requests
import Toolbox

/// What the settings of a subscription hold, compared with what the vendor's guide says that an import transfers.
///
/// The guide, "Qualys (API Driven) Subscription Migration", names the settings by their paths. It prints blanks where the names of elements have
/// underscores, and one name in small letters: so case does not count.
final class Settings {
  /// Below RECORD/SUBSCRIPTION/FO.
  private static let transferred = [
    "SCAN/SCANNER_TRUSTED_CA", excludedIPs, "SCAN/EXCLUDED_IPS_EXPIRATION", "SCAN/EXCLUDED_HISTORY", "REPORTS/BUSINESS_RISK",
    "REPORTS/BUSINESS_RISK_MATRIX", "REMEDIATION/SETUP", "USERS/SETUP", "USERS/SUB_IPV6_RESTRICT_MAP", "USERS/SUBSCRIPTION_IP_RESTRICT_MAP",
    "USERS/IP_RANGE",
  ]
  private static let excludedIPs = "SCAN/EXCLUDED_IPS"
  /// From where one may log in.
  private static let restrictions: Set<String> = ["USERS/SUB_IPV6_RESTRICT_MAP", "USERS/SUBSCRIPTION_IP_RESTRICT_MAP", "USERS/IP_RANGE"]
  private static let place = "RECORD/SUBSCRIPTION/FO/"

  /// Of settings whose places are told, at most so many.
  private static let most = 100

  private let kind: String
  private var found: Set<String> = []
  /// Those that hold anything.
  private var filled: Set<String> = []
  /// Those that say something by attributes, or by elements in them.
  private var described: Set<String> = []
  /// What the guide does not name, in its order, and how often each stands there.
  private var others: [(path: String, count: Int)] = []
  private var otherPlaces: [String: Int] = [:]
  private var moreOthers = 0
  /// What an import passes over, in its order.
  private var ignored: [String] = []
  private var moreIgnored = 0
  /// Excluded addresses that stand where the guide does not have them.
  private var strayExclusions: [String] = []
  private var isExclusionIgnored = false
  /// How many elements there are of them.
  private var exclusions = 0
  private var excluded: [ClosedRange<UInt32>] = []
  /// Why not all of them could be read.
  private var unreadable: String?
  /// The depths of what nobody knows, and of what an import passes over, while that is open.
  private var otherDepth: Int?
  private var ignoredDepth: Int?

  init(kind: String) { self.kind = kind }

  private var subject: Subject { Subject(kind: kind) }

  // MARK: Reading

  func read(_ path: String) throws(Complaint) {
    // There may be thousands of excluded hosts, more than the text of an element is kept for otherwise.
    try WholeDocument.read(path, as: Resource.subscription.document, wholes: ["SCAN/EXCLUDED_IPS"]) { [self] part throws(Complaint) in
      switch part {
      case .opened(let element): opened(element.name, in: element.path, with: element.attributes, isForeign: element.namespace != nil)
      case .closed(let element, let text): closed(element, text)
      case .whole(let bytes, let path): read(bytes, in: path)
      }
    }
  }

  /// Excluded hosts as a whole.
  private func read(_ bytes: [UInt8], in path: [String]) {
    var outline = Outline()
    outline.read(bytes)
    opened("EXCLUDED_IPS", in: path, with: outline.attributes.map { (outline.string($0.name), outline.text($0.value)) })
    if otherDepth == nil, let setting = setting(of: Self.path(of: "EXCLUDED_IPS", in: path)) {
      for index in outline.elements.indices where outline.elements[index].holdsText {
        filled.insert(setting)
        let holdsElements = index + 1 < outline.elements.count && outline.elements[index + 1].parent == index
        if setting == Self.excludedIPs { take(holdsElements ? nil : outline.ownText(of: index)) }
      }
    }
    ended(at: path.count)
  }

  /// - Parameter isForeign: it is in a namespace, so it is nothing of what the guide names, whatever it is called.
  private func opened(_ name: String, in around: [String], with attributes: [(name: String, value: String)], isForeign: Bool = false) {
    let depth = around.count
    let path = Self.path(of: name, in: around)
    let name = Self.plain(name)
    if ignoredDepth == nil, Self.isInformation(attributes) {
      ignoredDepth = depth
      if ignored.count < Self.most { ignored.append(path) } else { moreIgnored += 1 }
    }
    if name == "EXCLUDED_IPS", setting(of: path) != Self.excludedIPs, strayExclusions.count < Self.most { strayExclusions.append(path) }
    guard otherDepth == nil else { return }
    if !isForeign, let setting = setting(of: path) {
      found.insert(setting)
      let isWithin = path != Self.place + setting
      if isWithin || attributes.contains(where: { Self.plain($0.name) != "TYPE" && !$0.value.trimmed.isEmpty }) { described.insert(setting) }
      if setting == Self.excludedIPs, ignoredDepth != nil { isExclusionIgnored = true }
      if path == Self.place + Self.excludedIPs { exclusions += 1 }
    } else if isForeign || !Self.isAround(path) {
      otherDepth = depth
      if let known = otherPlaces[path] {
        others[known].count += 1
      } else if others.count < Self.most {
        otherPlaces[path] = others.count
        others.append((path, 1))
      } else {
        moreOthers += 1
      }
    }
  }

  private func closed(_ element: SkeletonElement, _ text: String?) {
    if otherDepth == nil, element.holdsText, let setting = setting(of: Self.path(of: element.name, in: element.path)) {
      filled.insert(setting)
      if setting == Self.excludedIPs { take(text) }
    }
    ended(at: element.path.count)
  }

  private func ended(at depth: Int) {
    if otherDepth == depth { otherDepth = nil }
    if ignoredDepth == depth { ignoredDepth = nil }
  }

  /// Takes the addresses of a text, which is nil if it is too long to be read here, or stands between elements.
  private func take(_ text: String?) {
    guard let text else {
      unreadable = unreadable ?? "a text in it is longer than 8 KiB, or stands between elements"
      return
    }
    for word in text.utf8.split(whereSeparator: { $0 <= " " || $0 == "," || $0 == ";" }) {
      if let range = ClosedRange<UInt32>(addresses: Array(word)[...]) {
        excluded.append(range)
      } else {
        unreadable = unreadable ?? "\"\(String(decoding: Array(word), as: UTF8.self))\" is no address"
      }
    }
  }

  /// Settings of this type only inform, and an import passes over them.
  private static func isInformation(_ attributes: [(name: String, value: String)]) -> Bool {
    attributes.contains { plain($0.name) == "TYPE" && plain($0.value.trimmed) == "INFO" }
  }

  /// Where an element stands, from RECORD on: it is the root, or stands in it.
  private static func path(of name: String, in path: [String]) -> String {
    let names = (path + [name]).map(plain)
    return (names.count > 1 && names[0] != "RECORD" && names[1] == "RECORD" ? names.dropFirst() : names[...]).joined(separator: "/")
  }

  /// As names are compared here: without case.
  private static func plain(_ name: String) -> String { name.uppercased() }

  /// The setting that a path is, or is a part of.
  private func setting(of path: String) -> String? {
    guard path.hasPrefix(Self.place) else { return nil }
    let below = path.dropFirst(Self.place.count).split(separator: "/").prefix(2).joined(separator: "/")
    return Self.transferred.contains(below) ? below : nil
  }

  /// Whether something that the guide names may stand below.
  private static func isAround(_ path: String) -> Bool {
    if !path.contains("/") { return true }
    return transferred.contains { (place + $0).hasPrefix(path + "/") }
  }

  // MARK: The account

  /// What there is to say.
  ///
  /// - Parameters:
  ///   - hosts: the excluded hosts of the source; nil if they are not given.
  ///   - accepting: what would be lost of them is only said.
  ///   - restricting: that the settings say from where one may log in is only said.
  func notes(excluding hosts: AddressSet?, accepting: Bool, restricting: Bool) -> [Note] {
    if found.isEmpty, strayExclusions.isEmpty {
      return [Note(.refused, subject, "none of the settings that an import transfers is in it: nothing in it is known here")]
    }
    var notes = exclusionNotes(hosts, as: accepting ? .noted : .refused)
    let isSaid = hosts?.isEmpty != true
    for setting in Self.transferred where !found.contains(setting) && !(isSaid && setting == Self.excludedIPs) {
      notes.append(
        Note(.noted, subject, element: Self.place + setting, "the guide says that an import transfers it, and the document does not have it"))
    }
    for path in ignored {
      notes.append(Note(.dropped, subject, element: path, "it is of type INFO, which an import passes over: set it by hand"))
    }
    if moreIgnored > 0 { notes.append(Note(.dropped, subject, "\(moreIgnored) more are of type INFO, which an import passes over")) }
    for (path, count) in others {
      let (what, it) = count == 1 ? ("this is", "it") : ("\(count) of these are", "them")
      notes.append(
        Note(.unknown, subject, element: path, "\(what) sent, but the guide does not say that an import transfers \(it): look at the target"))
    }
    if moreOthers > 0 {
      notes.append(Note(.unknown, subject, "\(moreOthers) more elements are sent of which the guide does not say that an import transfers them"))
    }
    for setting in Self.transferred where Self.restrictions.contains(setting) && filled.union(described).contains(setting) {
      let reason =
        restricting
        ? "it says from where one may log in: send it last, and from an address that it has"
        : "it says from where one may log in, and may lock everybody out: with --restricted accept it is sent"
      notes.append(Note(restricting ? .noted : .refused, subject, element: Self.place + setting, reason))
    }
    return notes
  }

  /// What an import would lose of the excluded hosts, which must never be scanned.
  private func exclusionNotes(_ hosts: AddressSet?, as disposition: Disposition) -> [Note] {
    let element = Self.place + Self.excludedIPs
    func lost(_ reason: String, at path: String? = nil) -> Note {
      let advice = "carry them by qtbx-excluded-hosts-to-urls and say --excluded accept"
      return Note(disposition, subject, element: path ?? element, disposition == .refused ? "\(reason): \(advice)" : reason)
    }
    var notes = strayExclusions.map { lost("excluded hosts stand here, where the guide does not say that an import transfers them", at: $0) }
    if isExclusionIgnored { notes.append(lost("it is of type INFO, which an import passes over, so these hosts would be scanned")) }
    guard found.contains(Self.excludedIPs) else {
      if hosts?.isEmpty != true, strayExclusions.isEmpty {
        notes.append(lost("the document does not have it, so hosts that are excluded now would be scanned"))
      }
      return notes
    }
    if exclusions > 1 { notes.append(lost("it stands twice, and nobody knows which of these an import takes")) }
    guard let hosts else {
      if let unreadable {
        notes.append(Note(.noted, subject, element: element, "\(unreadable), so nobody knows which hosts it has"))
      } else if !filled.contains(Self.excludedIPs) {
        notes.append(
          Note(.noted, subject, element: element, "it is empty: if the source excludes hosts (--excluded-hosts tells), they would be scanned"))
      }
      return notes
    }
    if let unreadable, !hosts.isEmpty {
      notes.append(lost("\(unreadable), so nobody knows whether all excluded hosts are in it"))
      return notes
    }
    let lacking = hosts.subtracting(AddressSet(excluded))
    if !lacking.isEmpty { notes.append(lost("it lacks hosts that are excluded now, and would be scanned: \(lacking.firstRanges)")) }
    return notes
  }
}
