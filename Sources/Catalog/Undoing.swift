internal import Base

/// What a call has done, and how that is taken back.
package struct Undoing: Sendable {
  /// How it is taken back.
  package enum Way: Sendable {
    /// What it has created is deleted by a call.
    case deletion(Deletion)
    /// Only a person can, and why.
    case person(String)
  }

  /// The path of the call, with `{version}` and `{id}` where such a thing stands.
  package let path: String
  /// The parameters that say what it does, besides the path.
  package let parameters: [(name: String, value: String)]
  /// What its object is below, where another call deletes what is below something else: the type of an option profile. Nil for any.
  package let below: String?
  /// How it is taken back.
  package let way: Way
  /// It creates something: what other calls have said of that goes with it.
  package let creates: Bool
  /// Further parameters that a journal has, since without them nobody could tell what was done. No secrets.
  fileprivate let telling: [String]

  private init(
    _ path: String, _ parameters: [(name: String, value: String)], below: String?, _ way: Way, creates: Bool = true, telling: [String] = []
  ) {
    self.path = path
    self.parameters = parameters
    self.below = below
    self.way = way
    self.creates = creates
    self.telling = telling
  }

  /// A call with an action, and another one that deletes what it has created.
  ///
  /// - Parameters:
  ///   - where: a further parameter that says what it does.
  ///   - deleted: the path of the call that deletes; nil for the same.
  ///   - id: the parameter that takes the id.
  ///   - takesSeveral: that parameter takes ids and ranges.
  static func deletion(
    of path: String, _ action: String, where condition: (String, String)? = nil, below: String? = nil, at deleted: String? = nil,
    id: String = "id", takesSeveral: Bool = false
  ) -> Undoing {
    let parameters = [(name: "action", value: action)] + (condition.map { [(name: $0.0, value: $0.1)] } ?? [])
    let deletion = Deletion(deleted ?? path, [("action", "delete")], id: id, takesSeveral: takesSeveral)
    return Undoing(path, parameters, below: below, .deletion(deletion))
  }

  /// Any other call that creates, and what deletes it.
  static func deletion(of path: String, _ parameters: [(name: String, value: String)] = [], by deletion: Deletion) -> Undoing {
    Undoing(path, parameters, below: nil, .deletion(deletion))
  }

  /// Calls with these actions, which only a person takes back.
  ///
  /// - Parameter telling: further parameters that a journal has: of what was added the list says no more than that it is there.
  static func person(_ path: String, _ actions: [String], creates: Bool = false, telling: [String] = [], _ reason: String) -> [Undoing] {
    actions.map { Undoing(path, [("action", $0)], below: nil, .person(reason), creates: creates, telling: telling) }
  }

  /// The same, where the path says it all.
  static func person(_ path: String, _ reason: String) -> [Undoing] {
    [Undoing(path, [], below: nil, .person(reason), creates: false)]
  }

  /// Whether a call with its path is this one.
  fileprivate func isOf(below: String, value: (String) -> String?) -> Bool {
    parameters.allSatisfy { value($0.name) == $0.value } && (self.below == nil || self.below == below)
  }

  /// No answer says what there was before.
  static let unknownBefore = "no answer says what it was before"
}

/// A call that deletes an object.
package struct Deletion: Sendable {
  /// `{version}` stands for the version, `{id}` for the id.
  package let path: String
  /// The parameters besides the id.
  package let parameters: [(name: String, value: String)]
  /// The parameter that takes the id; empty where the path has it, or where there is none.
  package let id: String
  /// That parameter takes several, and ranges of them, as answers say them.
  package let takesSeveral: Bool
  /// Of an object without an id, the parameters of the call that created it, which say which one it is.
  package let key: [String]
  /// XML; empty for a form.
  package let body: String

  init(
    _ path: String, _ parameters: [(name: String, value: String)] = [], id: String = "", takesSeveral: Bool = false, key: [String] = [],
    body: String = ""
  ) {
    self.path = path
    self.parameters = parameters
    self.id = id
    self.takesSeveral = takesSeveral
    self.key = key
    self.body = body
  }
}

extension Catalog {
  /// Those that some call does something to, with what takes it back: last first, as it is taken back. What no migration moves by itself comes
  /// after one, and so goes before.
  package static let undone: [Resource] =
    all.filter { !$0.isMoved && !$0.undoings.isEmpty } + movable.reversed().filter { !$0.undoings.isEmpty }

  /// What takes a call back, and the place of its resource in `undone`; nil if nobody here knows.
  ///
  /// - Parameters:
  ///   - below: what its object is below, if that is known.
  ///   - value: the value of a parameter.
  package static func undoing(path: String, below: String, value: (String) -> String?) -> (place: Int, undoing: Undoing)? {
    (undoings[plain(path)] ?? []).first { $0.undoing.isOf(below: below, value: value) }
  }

  /// What a call deletes; nil if it deletes nothing.
  package static func deletion(path: String, value: (String) -> String?) -> (resource: Resource, deletion: Deletion)? {
    (deletions[plain(path)] ?? []).first { $0.deletion.parameters.allSatisfy { value($0.name) == $0.value } }
  }

  /// The parameters that say what a call does, of an object without an id which one it is, and of addresses in which network or how they are tracked.
  package static func tellingParameters(path: String, value: (String) -> String?) -> [String] {
    let known = (undoings[plain(path)] ?? []).first { $0.undoing.parameters.allSatisfy { value($0.name) == $0.value } }?.undoing
    guard let known else { return ["action"] }
    var names = known.parameters.map(\.name) + known.telling
    if case .deletion(let deletion) = known.way { names += deletion.key }
    return names
  }

  /// By their paths.
  private static let undoings = Dictionary(
    grouping: undone.enumerated().flatMap { place, resource in resource.undoings.map { (place: place, undoing: $0) } }
  ) { plain($0.undoing.path) }

  private static let deletions: [String: [(resource: Resource, deletion: Deletion)]] = Dictionary(
    grouping: undone.flatMap { resource in
      resource.undoings.compactMap { undoing -> (resource: Resource, deletion: Deletion)? in
        guard case .deletion(let deletion) = undoing.way else { return nil }
        return (resource, deletion)
      }
    }
  ) { plain($0.deletion.path) }

  /// A path without what differs from call to call: the version and the id.
  private static func plain(_ path: String) -> String {
    // By bytes: each request of a list is asked about more than once.
    var plain: [UInt8] = []
    for part in path.utf8.split(separator: "/") where part.first != "{" && !part.allSatisfy({ $0.isDigit || $0 == "." }) {
      if !plain.isEmpty { plain.append("/") }
      plain += part
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
