internal import Glibc

/// Coordinated universal time.
package enum UTC {
  /// The time, for people, as its digits down to the second, `20261122023555`, and as the service writes it, `2026-11-22T02:35:55Z`.
  package static func now() -> (text: String, digits: String, stamp: String) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let (date, clock) = parts(of: time.tv_sec)
    let (day, second) = (date.joined(separator: "-"), clock.joined(separator: ":"))
    return ("\(day) \(second),\(padded(time.tv_nsec / 1_000_000, 3))", (date + clock).joined(), "\(day)T\(second)Z")
  }

  /// A time in seconds since 1970, as the service writes it.
  package static func stamp(of seconds: Int) -> String {
    let (date, clock) = parts(of: seconds)
    return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":"))Z"
  }

  /// The seconds since 1970 of a time as the service writes it, `2031-04-28T00:00:00Z`; nil if it is none.
  package static func seconds(of stamp: String) -> Int? {
    let bytes = Array(stamp.utf8)
    let form = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
    guard bytes.count == form.count,
      zip(bytes, form).allSatisfy({ byte, form in form == "d" ? byte.isDigit : byte == form })
    else { return nil }
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { sum, digit in sum * 10 + Int(digit - ("0" as UInt8)) } }
    var parts = tm()
    parts.tm_year = Int32(number(0..<4) - 1900)
    parts.tm_mon = Int32(number(5..<7) - 1)
    parts.tm_mday = Int32(number(8..<10))
    parts.tm_hour = Int32(number(11..<13))
    parts.tm_min = Int32(number(14..<16))
    parts.tm_sec = Int32(number(17..<19))
    let seconds = timegm(&parts)
    // The 31st of February would become another day.
    return self.stamp(of: seconds) == stamp ? seconds : nil
  }

  /// The time, in seconds since 1970.
  package static var seconds: Int { time(nil) }

  private static func parts(of seconds: Int) -> (date: [String], clock: [String]) {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return (
      [padded(Int(parts.tm_year) + 1900, 4), padded(Int(parts.tm_mon) + 1, 2), padded(Int(parts.tm_mday), 2)],
      [padded(Int(parts.tm_hour), 2), padded(Int(parts.tm_min), 2), padded(Int(parts.tm_sec), 2)]
    )
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
