internal import Glibc

extension UTC {
  /// The seconds since 1970 of a time as the service writes it, `2031-04-28T00:00:00Z`; nil if it is none.
  package static func seconds(of stamp: String) -> Int? {
    let bytes = Array(stamp.utf8)
    let form = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
    guard bytes.count == form.count,
      zip(bytes, form).allSatisfy({ byte, form in form == UInt8(ascii: "d") ? (0x30...0x39).contains(byte) : byte == form })
    else { return nil }
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
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
}
