import Base
import Glibc
import Synchronization

/// The time zone of a schedule.
struct ScheduleTimeZone {
  /// The service's own code.
  var code: String
  /// What the list says about it: `(GMT-0800) United States: America/Los_Angeles`.
  var details: String

  /// The codes that published documents show. The service has more; their zones are known only from lists that were loaded.
  static let published = [
    "US-CA": "(GMT-0800) United States: America/Los_Angeles", "US-NY": "(GMT-0500) United States: America/New_York",
    "US-IL": "(GMT-0600) United States: America/Chicago", "IN": "(GMT+0530) India: Asia/Calcutta", "JP": "(GMT+0900) Japan: Asia/Tokyo",
  ]

  init(code: String, details: [String: String]) {
    self.code = code
    self.details = details[code] ?? Self.published[code] ?? "(GMT+0000) \(code)"
  }

  /// `2031-01-02T03:04:05`, the start in UTC. Without a date it is today.
  func utc(date: String?, hour: Int, minute: Int, isDST: Bool) -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    if let numbers = date?.split(separator: "/").compactMap({ Int32($0) }), numbers.count == 3 {
      (parts.tm_mon, parts.tm_mday, parts.tm_year) = (numbers[0] - 1, numbers[1], numbers[2] - 1900)
    }
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), 0)
    let local = timegm(&parts)
    var seconds = local - standardOffset
    if isDST, let offset = details.split(separator: " ").last.flatMap({ Self.secondsEast(of: String($0), at: seconds) }) { seconds = local - offset }
    return Document.text(of: &seconds)
  }

  /// Whether its clocks are changed in the course of a year.
  var hasSummer: Bool {
    guard let name = details.split(separator: " ").last.map({ String($0) }) else { return false }
    return Self.secondsEast(of: name, at: 1_925_000_000) != Self.secondsEast(of: name, at: 1_925_000_000 + 182 * 86400)
  }

  /// Seconds east of Greenwich, as the details say.
  private var standardOffset: Int {
    guard let sign = details.firstIndex(where: { $0 == "+" || $0 == "-" }) else { return 0 }
    let digits = details[details.index(after: sign)...].prefix(4).compactMap { $0.wholeNumberValue }
    guard digits.count == 4 else { return 0 }
    let seconds = (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60
    return details[sign] == "-" ? -seconds : seconds
  }

  /// The C library has one time zone at a time.
  private static let clock = Mutex(())

  /// How far a time zone is from Greenwich, by its Olson name; nil for a name that is none, or that this machine does not know.
  private static func secondsEast(of zone: String, at seconds: Int) -> Int? {
    let isName = zone.utf8.allSatisfy { ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || "_+-/".utf8.contains($0) }
    var status = stat()
    guard isName, stat("/usr/share/zoneinfo/" + zone, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return clock.withLock { _ in
      setenv("TZ", ":" + zone, 1)
      tzset()
      var time = seconds
      var parts = tm()
      return localtime_r(&time, &parts).map { _ in parts.tm_gmtoff }
    }
  }
}
