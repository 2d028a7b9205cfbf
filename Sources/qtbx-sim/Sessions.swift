/// Who has logged in: POST `/api/2.0/fo/session/` gives a cookie that stands for user and password until it is given back.
struct Sessions: Sendable {
  static let path = "/api/2.0/fo/session"
  private static let cookie = "QualysSession="

  private var users: [String: String] = [:]

  /// The user of a session, nil if the cookie names none.
  func user(of cookies: String) -> String? { Self.token(in: cookies).flatMap { users[$0] } }

  private static func token(in cookies: String) -> String? {
    cookies.split(separator: ";").map { $0.trimmed }.first { $0.hasPrefix(cookie) }.map { String($0.dropFirst(cookie.count)) }
  }

  /// Answers a login or a logout. `isRight` says whether a user has a password, and refuses one who may not log in.
  mutating func answer(
    _ call: Call, cookies: String, isRight: (_ user: String, _ password: String) throws(Refusal) -> Bool
  ) throws(Refusal) -> Answer {
    guard call.method == "POST" else { throw Refusal.method("action") }
    let known: Set<String> = ["action", "username", "password", "echo_request"]
    let unknown = call.order.filter { !known.contains($0) }
    if !unknown.isEmpty { throw Refusal.unrecognized(unknown) }
    switch call["action"] {
    case "login":
      guard let user = call["username"], let password = call["password"] else { throw Refusal.missing("username", "password") }
      guard try isRight(user, password) else { throw Refusal(2000, "Bad Login/Password", status: 401) }
      let token = (0..<2).map { _ in String(UInt64.random(in: UInt64.min...UInt64.max), radix: 16) }.joined()
      users[token] = user
      return Self.answer("Logged in", cookie: "\(Self.cookie)\(token); Path=/api; HttpOnly")
    case "logout":
      guard let token = Self.token(in: cookies), users.removeValue(forKey: token) != nil else {
        throw Refusal(2000, "Bad Login/Password", status: 401)
      }
      return Self.answer("Logged out", cookie: "\(Self.cookie); Path=/api; Max-Age=0")
    case let action?: throw Refusal.invalid("action", action, "must be one of: login, logout")
    case nil: throw Refusal.missing("action")
    }
  }

  private static func answer(_ text: String, cookie: String) -> Answer {
    // The root is not what the DOCTYPE names: U16 p. 10.
    var answer = Answer(Document.simpleReturn(text, doctype: "GENERIC"))
    answer.headers.append(("Set-Cookie", cookie))
    return answer
  }
}
