import Markup
import Requests

/// The values of a control, each with the place where it stands.
///
/// A place is the names from the control's child down, a technology by its ID, the second of several siblings of a name by its number:
/// `TECHNOLOGIES/TECHNOLOGY[45]/EVALUATE/CTRL/DP/V[2]`. Text that stands in the control itself is at `.`: a row without a place is the
/// control's own.
struct ControlValues {
  /// A difference of two controls.
  struct Difference {
    /// `changed`, `added` or `dropped`.
    var word: String
    var place: String
    var words: String
  }

  /// The places, and in which technology each is.
  private var places: [(place: String, technology: String?)] = []
  private var values: [String: String] = [:]
  /// The technologies by their places, with their names.
  private var technologies: [String: String] = [:]

  /// - Parameter outline: a whole control.
  init(_ outline: borrowing Outline) {
    var paths: [String] = [""]
    var around: [String?] = [nil]
    var counts: [String: Int] = [:]
    for index in outline.elements.indices {
      let element = outline.elements[index]
      if index > 0 {
        let parent = paths[Int(element.parent)]
        var path = (parent.isEmpty ? "" : parent + "/") + outline.string(element.name)
        let isTechnology = parent == "TECHNOLOGIES" && outline.has(element.name, "TECHNOLOGY")
        let technology = isTechnology ? Technology(outline, at: index) : nil
        if let technology { path += "[\(technology.id)]" }
        counts[path, default: 0] += 1
        if let count = counts[path], count > 1 { path += "[\(count)]" }
        paths.append(path)
        around.append(technology == nil ? around[Int(element.parent)] : path)
        if let technology { technologies[path] = technology.name }
      }
      for attribute in element.attributes {
        let one = outline.attributes[Int(attribute)]
        // How many there are follows from those that there are.
        if outline.has(one.name, "total") { continue }
        let place = (paths[index].isEmpty ? "" : paths[index] + "/") + "@" + outline.string(one.name)
        add(outline.text(one.value), at: place, in: around[index])
      }
      let text = element.isLeaf ? outline.text(element.content) : Self.ownText(of: index, in: outline)
      if element.isLeaf || !text.allSatisfy(\.isWhitespace) { add(text, at: index == 0 ? "." : paths[index], in: around[index]) }
    }
  }

  private mutating func add(_ value: String, at place: String, in technology: String?) {
    places.append((place, technology))
    values[place] = value
  }

  /// The text of an element beside that of the elements in it.
  private static func ownText(of index: Int, in outline: borrowing Outline) -> String {
    var text = ""
    var at = outline.elements[index].content.lowerBound
    var next = index + 1
    while next < outline.elements.count, outline.elements[next].whole.lowerBound < outline.elements[index].content.upperBound {
      let child = outline.elements[next]
      if child.parent == index {
        text += outline.text(at..<child.whole.lowerBound)
        at = child.whole.upperBound
      }
      next += 1
    }
    return text + outline.text(at..<outline.elements[index].content.upperBound)
  }

  /// What changes if these values take the place of others.
  func differences(from others: ControlValues) -> [Difference] {
    let gone = others.technologies.filter { technologies[$0.key] == nil }
    let new = technologies.filter { others.technologies[$0.key] == nil }
    func isOf(_ technologies: [String: String], _ technology: String?) -> Bool { technology.map { technologies[$0] != nil } ?? false }
    var differences: [Difference] = []
    for (place, technology) in others.places where !isOf(gone, technology) {
      let before = others.values[place] ?? ""
      if let after = values[place] {
        if after == before { continue }
        differences.append(Difference(word: "changed", place: place, words: "\(Self.quoted(before)) becomes \(Self.quoted(after))"))
      } else {
        differences.append(Difference(word: "dropped", place: place, words: "\(Self.quoted(before)), only in the new policy"))
      }
    }
    for (place, technology) in places where others.values[place] == nil && !isOf(new, technology) {
      differences.append(Difference(word: "added", place: place, words: "\(Self.quoted(values[place] ?? "")), only in the old policy"))
    }
    differences += gone.sorted { $0.key < $1.key }.map {
      Difference(word: "dropped", place: $0.key, words: "\($0.value.isEmpty ? "" : Self.quoted($0.value) + ", ")only in the new policy")
    }
    differences += new.sorted { $0.key < $1.key }.map {
      Difference(word: "added", place: $0.key, words: "\($0.value.isEmpty ? "" : Self.quoted($0.value) + ", ")only in the old policy")
    }
    return differences
  }

  /// A value between quotes, cut after 200 characters.
  static func quoted(_ value: String) -> String {
    let start = value.unicodeScalars.prefix(200)
    return "\"\(String(start))\(start.count < value.unicodeScalars.count ? "…" : "")\""
  }
}
