/// One kind of object that the service keeps, or one answer that it gives: every fact about it that more than one program needs.
///
/// A file in `Resources/` for each, and its name in `Catalog.all`. What becomes of an element when the object is made again stands in the
/// stylesheet and the grammar of its room, not here.
package struct Resource: Sendable {
  /// For people and for `qtbx-fetch`: `asset-groups`.
  package let name: String
  /// What one of its records is in the fragment of a request, in a report and in `--map`: `asset-group`. Empty if nothing speaks of one.
  package let kind: String
  /// The answer to its call.
  package let document: DocumentKind
  /// Where a record says what it is; nil if its records have no id.
  package let identity: Identity?
  /// The call that lists or exports it.
  package let list: ListCall
  /// The calls that create one.
  package let creations: [Creation]
  /// The calls that programs send for it, and what takes each back.
  package let undoings: [Undoing]
  /// Other records name one of these.
  let isReferable: Bool
  /// What its records say of others.
  package let references: [Reference]
  /// The kinds of what has to be there before, besides those that its records refer to: they say it by its value, or not at all.
  package let follows: [String]
  /// A migration makes them again. What a program can write, but only a person should send, it does not.
  package let isMoved: Bool
  /// The programs that read its document, besides `qtbx-map`.
  package let readers: [String]
  /// Calls that answer with a secret.
  let secretAnswers: [SecretAnswer]

  init(
    _ name: String, kind: String = "", document: DocumentKind, identity: Identity? = nil, list: ListCall, creations: [Creation] = [],
    undoings: [Undoing] = [], isReferable: Bool = true, references: [Reference] = [], follows: [String] = [], isMoved: Bool? = nil,
    readers: [String] = [],
    secretAnswers: [SecretAnswer] = []
  ) {
    self.name = name
    self.kind = kind
    self.document = document
    self.identity = identity
    self.list = list
    self.creations = creations
    self.undoings = undoings
    self.isReferable = isReferable
    self.references = references
    self.follows = follows
    self.isMoved = isMoved ?? (!creations.isEmpty && !readers.isEmpty)
    self.readers = readers
    self.secretAnswers = secretAnswers
  }

  /// What a person calls one of its records: "asset group".
  package var noun: String { Self.noun(of: kind) }

  /// What a person calls an object of a kind: an asset group, a Unix record.
  package static func noun(of kind: String) -> String { authenticationNouns[kind] ?? kind.replacing("-", with: " ") }

  /// A map of these makes sense: others name them, and they have what a map needs.
  package var isMappable: Bool { !kind.isEmpty && isReferable && identity?.name.isEmpty == false }
}

/// Where a record says what it is. Paths are below the record; of several, the first that is there counts.
package struct Identity: Sendable {
  /// What an id looks like.
  package enum Form: Sendable {
    /// Digits.
    case number
    /// A user's: digits, or the login that stands for them.
    case user
  }

  /// What its names look like.
  package enum NameForm: Sendable {
    /// Text, in which every character counts.
    case text
    /// An e-mail address: neither the blanks around it nor the case of its letters count.
    case mail
    /// A name of a host: the same is true of it.
    case host
    /// An address and a port, `192.0.2.1:443`: however they are written.
    case socket
  }

  /// Where its id stands.
  package let id: [StaticString]
  /// Empty where a record has no name.
  package let name: [StaticString]
  /// The date of its creation; nil if a list does not say it.
  package let created: StaticString?
  /// The id of the record that it is below, or its type, where a name is unique below that only.
  package let parent: StaticString?
  /// What its ids look like.
  package let form: Form
  /// What its names look like.
  package private(set) var nameForm = NameForm.text
  /// The id is made of all of its values, `192.0.2.1:443`, and is the only name there is.
  package private(set) var isJoined = false
  /// Where its objects stand in a record of something else, any number of them: their ids and names stand directly in them. Nil for most: the
  /// record is the object.
  package let within: StaticString?
  /// Whether an object is in every subscription: it is never made again, and what it says of others needs no map.
  package let isEverywhere: @Sendable (_ id: String, _ name: String) -> Bool

  init(
    id: StaticString..., name: [StaticString], within: StaticString? = nil, created: StaticString? = nil, parent: StaticString? = nil,
    form: Form = .number, names nameForm: NameForm = .text,
    everywhere isEverywhere: @escaping @Sendable (_ id: String, _ name: String) -> Bool = { _, _ in false }
  ) {
    self.id = id
    self.name = name
    self.within = within
    self.created = created
    self.parent = parent
    self.form = form
    self.nameForm = nameForm
    self.isEverywhere = isEverywhere
  }

  /// Of records that have no id, and are known by several values together.
  init(joining paths: StaticString..., parent: StaticString? = nil, names nameForm: NameForm = .text) {
    id = paths
    (name, within, created, form) = ([], nil, nil, .number)
    self.parent = parent
    self.nameForm = nameForm
    isEverywhere = { _, _ in false }
    isJoined = true
  }

  /// Of lists that may hold any of some resources.
  package init(anyOf resources: [Resource]) {
    func distinct(_ paths: [StaticString]) -> [StaticString] {
      var known = Set<String>()
      return paths.filter { known.insert("\($0)").inserted }
    }
    id = distinct(resources.flatMap { $0.identity?.id ?? [] })
    name = distinct(resources.flatMap { $0.identity?.name ?? [] })
    (within, created, form) = (nil, nil, .number)
    parent = resources.count == 1 ? resources[0].identity?.parent : nil
    isJoined = resources.count == 1 && resources[0].identity?.isJoined == true
    nameForm = resources.count == 1 ? resources[0].identity?.nameForm ?? .text : .text
    isEverywhere = { _, _ in false }
  }
}

/// A call whose answer holds a secret, such as the password of a new user: nothing of the program's shows or keeps that.
struct SecretAnswer: Sendable {
  /// Of the call, as it stands in a request.
  let path: String
  /// The names of the elements that hold it, wherever they stand in the answer.
  let elements: [String]
  /// The parameters of a request that is told one, and nobody else is.
  let told: [Parameter]

  /// A parameter and its value.
  typealias Parameter = (name: String, value: String)
}

/// A call that lists or exports.
package struct ListCall: Sendable {
  /// How the call is sent.
  package enum Method: String, Sendable {
    case get = "GET"
    /// Either will do: a form takes over where a URL would be too long.
    case getOrPost = "GET or POST"
    /// A search of the asset management API: XML in a POST.
    case search = "POST search"
  }

  /// One of the three.
  package let method: Method
  /// `{version}` stands for the version of the call, where it has one, and `{id}` for the id of one document.
  package let path: String
  /// The version that is asked for unless a person says otherwise; empty where a path has none.
  package let version: String
  /// The other versions that the call is known to have, or said to have.
  let otherVersions: [String]
  /// What is sent unless a person says otherwise.
  package let parameters: [(name: String, value: String)]
  /// The other parameters that the call is known to take.
  package let others: [String]
  /// The parameter that names one document, if there is one.
  package let id: String?
  /// The call has to name one document.
  package let needsID: Bool
  /// The records that pages are joined by, as `RecordStream` takes them; nil for those of the document. None: the answer is one document.
  package let pageRecords: [String]?
  /// The name of the root element is not confirmed: any but those of an error, and of other lists, will do.
  package let takesAnyRoot: Bool
  /// Why there is no such call, if there is none.
  private(set) var obstacle: String?

  /// - Parameters:
  ///   - versions: the other versions, with blanks between them.
  ///   - others: the other parameters, with blanks between them.
  init(
    _ method: Method, _ path: String, version: String = "2.0", versions: String = "", _ parameters: KeyValuePairs<String, String> = [:],
    others: String = "", id: String? = nil, needsID: Bool = false, pageRecords: [String]? = nil, takesAnyRoot: Bool = false
  ) {
    self.method = method
    self.path = path
    self.version = path.contains("{version}") ? version : ""
    otherVersions = versions.split(separator: " ").map { String($0) }
    self.parameters = parameters.map { ($0.key, $0.value) }
    self.others = others.split(separator: " ").map { String($0) }
    self.id = id
    self.needsID = needsID || path.contains("{id}")
    self.pageRecords = pageRecords
    self.takesAnyRoot = takesAnyRoot
  }

  /// Its path without the version: what every address of the call has in it.
  var place: String { path.firstRange(of: "{version}").map { String(path[$0.upperBound...]) } ?? path }

  /// What no call lists, and why.
  static func none(_ reason: String) -> ListCall {
    var call = ListCall(.get, "", takesAnyRoot: true)
    call.obstacle = reason
    return call
  }
}

/// A call that creates an object.
package struct Creation: Sendable {
  /// `{version}` stands for the version.
  package let path: String
  /// The value of `action`; empty where the path says it.
  package let action: String
  /// The parameter that carries the name; without an action, the path of the element in an XML body that does.
  package let name: StaticString
  /// The name stands in the body although there is an action: `name` is a path.
  package private(set) var isNamedInBody = false
  /// The same for the id of the parent, where a name is unique below that only.
  package let parent: StaticString?
  /// What the parent is where the path says it: the type of an option profile.
  package private(set) var impliedParent: String?
  /// A further parameter that such a request has, without which nothing lists what it creates.
  package let condition: (name: String, value: String)?
  /// Parameters of the list call, so that it shows what was created, and not more than that needs.
  package let listed: [String]

  init(
    _ path: String, action: String, name: StaticString, parent: StaticString? = nil, where condition: (String, String)? = nil, listed: [String] = []
  ) {
    self.path = path
    self.action = action
    self.name = name
    self.parent = parent
    self.condition = condition.map { (name: $0.0, value: $0.1) }
    self.listed = listed
  }

  /// - Parameters:
  ///   - name: the path of the element in the body that carries the name.
  ///   - parent: the same for what the name is unique below.
  init(_ path: String, action: String, nameInBody name: StaticString, parent: StaticString) {
    self.init(path, action: action, name: name, parent: parent)
    isNamedInBody = true
  }

  /// - Parameter parent: what all that it creates is below.
  init(_ path: String, action: String, name: StaticString, below parent: String) {
    self.init(path, action: action, name: name)
    impliedParent = parent
  }
}

/// What a record says of another object.
package struct Reference: Sendable {
  /// Where a value stands in a record.
  package enum Place: Sendable, Equatable {
    /// The text of the elements with this path below the record: `DISTRIBUTION_GROUP/ID` for any such ID, `TARGET/INFO[key=ips]` for those whose
    /// attribute `key` says so.
    case element(String)
    /// The text of the record's own child of this name, wherever else the name stands.
    case child(String)
    /// The attribute of this name, wherever it stands.
    case attribute(String)
  }

  /// What stands there, and what is wanted for it.
  package enum Form: Sendable, Equatable {
    /// An id, for an id.
    case id
    /// A name, for a name.
    case name
    /// A name, for an id.
    case idOfName
  }

  /// The kind of the other object: `network`.
  package let kind: String
  /// Where it stands.
  package let place: Place
  /// What messages call it, where that is not the words of its kind.
  package let noun: String
  /// What stands there: an id or a name.
  package let form: Form
  /// The text holds several values, separated by commas.
  package let isList: Bool
  /// Some of them are ranges of ids, `10-12`, which stand for each id in them.
  package let holdsRanges: Bool
  /// A value that the map lacks stays what it is: most of them are called the same in every subscription.
  package let isLenient: Bool
  /// A value stays what it is only where a map is given that lacks it. If false, it stays without any map, too: most are the same in every subscription.
  package let needsMap: Bool
  /// A record that would lose all of its values is another record: dropped ids take it along.
  package let isVital: Bool
  /// It is the record's own id, and what is written sets what the object is like: two records cannot set one object.
  package let isOwn: Bool
  /// The other object belongs to the record: it cannot stand in two, nor in one twice.
  package let isSole: Bool
  /// Where the element at this path has this value, it is another thing: the ids of tags are names where the record says so.
  package let exception: (path: StaticString, value: String)?
  /// Of each value of the list, the part before a bar is the id, `381|HIGH|why`; one without a bar is a piece of another's text, and so is all that
  /// stands in quotes.
  package let holdsFields: Bool
  /// Values that are the same in every subscription.
  package let isConstant: @Sendable (String) -> Bool

  init(
    _ kind: String, at place: Place, noun: String? = nil, as form: Form = .id, isList: Bool = false, holdsRanges: Bool = false,
    isLenient: Bool = false, needsMap: Bool = true, isVital: Bool = false, isOwn: Bool = false, isSole: Bool = false,
    except exception: (path: StaticString, value: String)? = nil,
    holdsFields: Bool = false, constants isConstant: @escaping @Sendable (String) -> Bool = { _ in false }
  ) {
    self.kind = kind
    self.place = place
    self.noun = noun ?? Resource.noun(of: kind)
    self.form = form
    self.isList = isList
    self.holdsRanges = holdsRanges
    self.isLenient = isLenient
    self.needsMap = needsMap
    self.isVital = isVital
    self.isOwn = isOwn
    self.isSole = isSole
    self.exception = exception
    self.holdsFields = holdsFields
    self.isConstant = isConstant
  }

  /// The id 0: the Global Default Network, and no appliance.
  static let zero: @Sendable (String) -> Bool = { $0 == "0" }

  /// Names, where ids may stand as well. What has nothing but digits, blanks and hyphens is an id or several, however they are written.
  static let names: @Sendable (String) -> Bool = { text in
    !text.unicodeScalars.allSatisfy { ("0"..."9").contains($0) || $0 == "-" || $0.properties.isWhitespace }
  }
}

extension DocumentKind {
  /// The lists of any of some resources.
  package init(anyOf resources: [Resource]) {
    func distinct(_ names: [String]) -> [String] {
      var known = Set<String>()
      return names.filter { known.insert($0).inserted }
    }
    let kinds = resources.map(\.document)
    self.init(
      distinct(kinds.map(\.noun)).joined(separator: " or "), roots: distinct(kinds.flatMap(\.roots)), records: distinct(kinds.flatMap(\.records)),
      skeleton: kinds.reduce(into: []) { $0.formUnion($1.skeleton) }, isClosed: !kinds.isEmpty && kinds.allSatisfy(\.isClosed))
  }
}
