/// A page of HTML, and what is the same in every one: the style and the script, and their digests in its policy.
///
/// Expected pages are kept without these, so that a change of the style is not one of each case. AuditTests looks at them. A page without a policy that has
/// digests stays as it is.
struct Page {
  /// The page with a style and a script that are empty.
  private(set) var plain: [UInt8] = []
  private(set) var style: [UInt8] = []
  private(set) var script: [UInt8] = []
  /// What the policy lets run and show: `sha256-…`, the style first.
  private(set) var digests: [String] = []

  /// Cuts the first style and the last script, since the program writes them there. Any other is one that got in, and stays.
  init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    if let head = rest.firstRange(of: Array("</head>".utf8)) {
      let policy = String(decoding: rest[..<head.lowerBound], as: UTF8.self)
      digests = policy.matches(of: #/'(sha256-[A-Za-z0-9+\/]{43}=)'/#).map { String($0.1) }
    }
    guard !digests.isEmpty else {
      plain = bytes
      return
    }
    if let open = rest.firstRange(of: Array("<style>".utf8)), let close = rest[open.upperBound...].firstRange(of: Array("</style>".utf8)) {
      var head = rest[..<open.upperBound]
      for digest in digests {
        guard let place = head.firstRange(of: Array(digest.utf8)) else { continue }
        head = (head[..<place.lowerBound] + Array("sha256-".utf8) + head[place.upperBound...])[...]
      }
      plain = Array(head)
      style = Array(rest[open.upperBound..<close.lowerBound])
      rest = rest[close.lowerBound...]
    }
    let opening = Array("<script>".utf8)
    if let open = rest.ranges(of: opening).last, let close = rest[open.upperBound...].firstRange(of: Array("</script>".utf8)) {
      plain += rest[..<open.upperBound]
      script = Array(rest[open.upperBound..<close.lowerBound])
      rest = rest[close.lowerBound...]
    }
    plain += rest
  }
}
