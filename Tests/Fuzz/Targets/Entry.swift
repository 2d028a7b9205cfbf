internal import Base
internal import Glibc
internal import Markup

/// What is tried, by the name that `QTBX_FUZZ` gives.
private let targets: [String: @Sendable ([UInt8]) -> Void] = [
  "records": fuzzRecords, "requests": fuzzRequests, "journal": fuzzJournal, "tables": fuzzTables, "answers": fuzzAnswers, "grammar": fuzzGrammar,
  "secrets": fuzzSecrets, "repairs": fuzzRepairs,
]

private let target: @Sendable ([UInt8]) -> Void = {
  guard let name = getenv("QTBX_FUZZ"), let target = targets[String(cString: name)] else {
    failed("QTBX_FUZZ names none of \(targets.keys.sorted().joined(separator: ", "))")
  }
  ParsePolicy.prepare()
  return target
}()

/// libFuzzer calls it with each input that it thinks of.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

/// What must hold does not: libFuzzer keeps the input.
func failed(_ what: String) -> Never {
  let line = Array("finding: \(what.shown)\n".utf8)
  write(STDERR_FILENO, line, line.count)
  abort()
}

/// Ends the run unless something holds.
func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
  if !holds { failed(what()) }
}

/// Choices and values out of an input: small changes of the bytes are small changes of what is made of them.
struct Choices {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  var isOver: Bool { bytes.isEmpty }
  var rest: [UInt8] { Array(bytes) }

  /// 0 where the input is over.
  mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }
  mutating func number(below limit: Int) -> Int { limit < 2 ? 0 : (Int(byte()) << 8 | Int(byte())) % limit }
  mutating func pick<T>(_ all: [T]) -> T { all[Int(byte()) % all.count] }

  /// Up to 30 bytes, as text.
  mutating func text() -> String {
    let count = Int(byte()) % 31
    let text = bytes.prefix(count)
    bytes = bytes.dropFirst(count)
    return String(decoding: text, as: UTF8.self)
  }

  /// A text that is not empty, of what XML may hold, without control characters.
  mutating func plainText() -> String {
    let text = text().unicodeScalars.filter { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0.value != 0xFFFE && $0.value != 0xFFFF }
    return text.isEmpty ? "x" : String(String.UnicodeScalarView(text))
  }
}

extension String {
  /// The same bytes: to `==`, letters that are written otherwise are the same.
  func isSame(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
