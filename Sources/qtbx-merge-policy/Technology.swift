import Markup
import Requests

/// A technology that a control, or a policy, is for.
struct Technology {
  let id: String
  let name: String

  var subject: Subject { Subject(kind: "technology", id: id, name: name) }

  /// - Parameter index: the element TECHNOLOGY.
  init(_ outline: borrowing Outline, at index: Int) {
    id = Self.child("ID", of: index, in: outline)
    name = Self.child("NAME", of: index, in: outline)
  }

  /// The technologies of a control that are not among the known ones.
  static func all(of control: borrowing Outline, but known: Set<String>) -> [Technology] {
    var technologies: [Technology] = []
    for index in control.elements.indices {
      let element = control.elements[index]
      guard element.parent > 0, control.has(element.name, "TECHNOLOGY") else { continue }
      let around = control.elements[Int(element.parent)]
      guard around.parent == 0, control.has(around.name, "TECHNOLOGIES"), !known.contains(child("ID", of: index, in: control)) else { continue }
      technologies.append(Technology(control, at: index))
    }
    return technologies
  }

  /// The text of an element's first child of a name, empty without one.
  private static func child(_ name: StaticString, of index: Int, in outline: borrowing Outline) -> String {
    var next = index + 1
    while next < outline.elements.count, outline.elements[next].parent >= index {
      let child = outline.elements[next]
      if child.parent == index, outline.has(child.name, name) {
        // Most are one plain piece, and a control has many.
        if let run = outline.plainRun(in: child.content) { return outline.string(run.range) }
        return outline.text(child.content).trimmed
      }
      next += 1
    }
    return ""
  }
}
