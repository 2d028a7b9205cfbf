internal import Base
internal import Glibc
internal import Requests
internal import Sealing
internal import Toolbox

/// A part of a request with its secrets in it. It is wiped when the exchange has ended.
final class FilledText: Sendable {
  let bytes: LockedBytes

  init(_ bytes: consuming LockedBytes) { self.bytes = bytes }
}

/// A request at the moment of sending: the only form of it that holds secrets.
struct FilledRequest {
  var payload: Payload?
  /// The whole URL, with a zero behind it; nil if it is as the list has it.
  var url: FilledText?
  /// What its answer may repeat, the login's password among it; nil if it has no secrets of its own.
  var echo: EchoFilter?

  /// Closes what it has open.
  func end() { if case .file(let descriptor, _) = payload { close(descriptor) } }
}

extension PreparedRequest {
  /// No body that is filled in is longer: it is done in memory.
  private static let limit = 1 << 24

  /// What the request needs from outside, a body that is a file among it. Errors: `refused` for a name that is none.
  func neededSecrets(of request: Request) throws(Complaint) -> [Request.NeededSecret] {
    guard case .file(let path) = request.body, fileHasSecrets != false else { return try request.neededSecrets() }
    guard let body = try Self.bodyWithSecrets(path) else { return try request.neededSecrets() }
    let username = request.parameters.first { $0.name == "username" && !$0.isSecret }?.value ?? ""
    do throws(Complaint) {
      return try request.neededSecrets() + Request.neededSecrets(ofBody: body, username: username)
    } catch {
      throw error.at(path.shown)
    }
  }

  /// Whether it is sent with secrets in it.
  var needsSecrets: Bool {
    get throws(Complaint) {
      if url.utf8.contains("{") { return true }
      switch content {
      case .form(let form): return form.contains("{")
      case .xml(let xml): return xml.contains("<?qtbx-secret")
      case .file(let path, _):
        if let fileHasSecrets { return fileHasSecrets }
        return try Self.bodyWithSecrets(path) != nil
      case .nothing: return false
      }
    }
  }

  /// The body of a file that holds the name of a secret; nil of any other.
  private static func bodyWithSecrets(_ path: String) throws(Complaint) -> [UInt8]? {
    let file = try open(path)
    defer { close(file) }
    var search = Placeholder.Search()
    var length = 0
    while true {
      var piece: [UInt8] = []
      let count = try Descriptor.read(file, 1 << 16, into: &piece)
      if count == 0 { break }
      length += count
      search.look(at: piece)
    }
    if !search.isFound { return nil }
    if length > limit { throw Complaint(.refused, "the body is too long for secrets to be filled in", at: path.shown) }
    return try Descriptor.read(file, at: 0, length)
  }

  /// The request with its secrets. Errors: those of `payload`; `local`.
  func filled(from secrets: SecretTable?, over connection: Connection) throws(Complaint) -> FilledRequest {
    var filled = FilledRequest(payload: try payload())
    guard let secrets else { return filled }
    do throws(Complaint) {
      var names: [SecretName] = []
      let whole = Array((connection.server.base + url).utf8)
      let inURL = try Placeholder.all(inForm: Array(url.utf8))
      if !inURL.isEmpty {
        filled.url = FilledText(try secrets.filled(whole, Placeholder.all(inForm: whole), as: .percent, isText: true))
        names += inURL.map(\.name)
      }
      switch filled.payload {
      case .form(let form):
        let places = try Placeholder.all(inForm: form)
        if !places.isEmpty { filled.payload = .locked(FilledText(try secrets.filled(form, places, as: .percent)), isForm: true) }
        names += places.map(\.name)
      case .xml(let xml): names += try filled.fill(xml, secrets)
      case .file(let descriptor, let length) where length <= Self.limit:
        let body = try Descriptor.read(descriptor, at: 0, length)
        guard body.contains("<?qtbx-secret") else { break }
        close(descriptor)
        filled.payload = nil
        names += try filled.fill(body, secrets)
      case .file, .locked, nil: break
      }
      if !names.isEmpty { filled.echo = try EchoFilter(names, of: secrets, login: connection.login) }
    } catch {
      filled.end()
      throw error
    }
    return filled
  }
}

extension FilledRequest {
  /// Fills a body in. Returns the names of its secrets.
  fileprivate mutating func fill(_ xml: [UInt8], _ secrets: SecretTable) throws(Complaint) -> [SecretName] {
    let places = try Placeholder.all(inBody: xml)
    if !places.isEmpty { payload = .locked(FilledText(try secrets.filled(xml, places, as: .xml)), isForm: false) }
    return places.map(\.name)
  }
}

extension EchoFilter {
  /// A judgement in which nothing repeats a secret. An id that is one is none.
  func cleared(_ judgement: Judgement) -> Judgement {
    switch judgement {
    case .done(let id, let text): .done(id: id.flatMap { clearedID($0) }, text: cleared(text))
    case .refused(let code, let text): .refused(code: cleared(code), text: cleared(text))
    case .partly(let ids, let reason): .partly(ids: clearedID(ids) ?? "", reason: cleared(reason))
    case .wait(let seconds, let reason): .wait(seconds: seconds, reason: cleared(reason))
    case .underWay(let reason): .underWay(reason: cleared(reason))
    case .stop(let reason, let mayBeDone): .stop(reason: cleared(reason), mayBeDone: mayBeDone)
    case .unsent(let reason): .unsent(reason: cleared(reason))
    case .unclear(let reason): .unclear(reason: cleared(reason))
    }
  }

  /// A complaint whose words repeat no secret.
  func cleared(_ complaint: Complaint) -> Complaint { Complaint(complaint.kind, cleared(complaint.reason), at: complaint.place) }

  /// Numbers are no echo, though a short secret may stand in one by chance.
  private func clearedID(_ id: String) -> String? {
    let parts = id.utf8.split { $0 == "," || $0 == "-" }
    let isNumeric = id.utf8.allSatisfy { $0.isDigit || $0 == "," || $0 == "-" }
    if !isNumeric { return cleared(id) == id ? id : nil }
    // The whole number is another matter.
    let isSecret = parts.contains { part in
      let number = String(decoding: part, as: UTF8.self)
      return cleared(number).utf8.first == "{" && cleared(number).utf8.last == "}" && cleared(number).utf8.count { $0 == "{" } == 1
    }
    return isSecret ? nil : id
  }
}
