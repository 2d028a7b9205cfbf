import Support
import SystemPackage
import Testing

/// All that goes wrong around a program, and what it must then do.
@Suite struct FaultTests {}

/// Lets a few in at a time: the tests all begin at once, and a machine has few processors.
actor Turnstile {
  static let stages = Turnstile()
  private var room = 3
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func enter() async {
    if room > 0 { room -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
  }

  func leave() {
    if waiting.isEmpty { room += 1 } else { waiting.removeFirst().resume() }
  }
}

/// A scratch folder, with all that a subject reads in it.
struct Sandbox: Sendable {
  let subject: Subject
  let arguments: [String]
  let folder: FilePath

  init(subject: Subject, arguments: [String]? = nil, folder: FilePath) {
    self.subject = subject
    self.arguments = arguments ?? subject.arguments
    self.folder = folder
  }

  /// The program and its arguments.
  func command(_ more: [String] = []) -> [String] { [subject.program.string] + arguments + more }

  func path(_ name: String) -> String { folder.appending(name).string }

  func put(_ bytes: [UInt8], as name: String) throws { try Files.write(bytes, to: folder.appending(name)) }

  func contents(of name: String) throws -> [UInt8] { try Files.read(folder.appending(name)) ?? [] }

  func text(of name: String) throws -> String { String(decoding: try contents(of: name), as: UTF8.self) }

  /// Runs the program. One that hangs is ended after a minute, with a status that no program has.
  ///
  /// The input is a file: writing to a program that refuses to read would end the writer, and that is the test runner.
  func run(_ input: [UInt8], _ more: [String] = [], environment: [String: String] = [:]) async throws -> Outcome {
    try await Support.run(subject.program, arguments + more, input: input, in: folder, environment: environment, seconds: 60)
  }

  /// Runs a script with the program and its arguments as `"$@"`; the file `input` holds the subject's input.
  func script(_ script: String, _ more: [String] = [], seconds: Int = 60) async throws -> Outcome {
    try await Support.run("/usr/bin/timeout", ["-k", "2", "\(seconds)", "/bin/bash", "-c", script, "bash"] + command(more), in: folder)
  }
}

/// Sets a stage for a subject, with this input in the file `input`, or its sample.
func withSandbox(
  for subject: Subject, input: @autoclosure () -> [UInt8]? = nil, _ body: (Sandbox) async throws -> Void
) async throws {
  await Turnstile.stages.enter()
  do {
    try await Files.withScratch { folder in
      let sandbox = Sandbox(subject: subject, folder: folder)
      let input = input() ?? subject.sample
      try sandbox.put(input, as: "input")
      for (name, text) in subject.files { try sandbox.put(Array(text.utf8), as: name) }
      if let twin = subject.twin { try sandbox.put(input, as: twin) }
      try await body(sandbox)
    }
    await Turnstile.stages.leave()
  } catch {
    await Turnstile.stages.leave()
    throw error
  }
}

/// Finds out something about many things, two at a time; what was found, in order.
func found<Item: Sendable>(_ items: [Item], _ body: @escaping @Sendable (Item) async throws -> String?) async throws -> [String] {
  try await withThrowingTaskGroup(of: (Int, String?).self) { group in
    var findings: [Int: String] = [:]
    for (number, item) in items.enumerated() {
      if number >= 2, let (place, finding) = try await group.next() { findings[place] = finding }
      group.addTask { (number, try await body(item)) }
    }
    for try await (place, finding) in group { findings[place] = finding }
    return findings.sorted { $0.key < $1.key }.map(\.value)
  }
}

extension Outcome {
  /// The lines of standard error.
  var complaints: [String] { errorText.utf8Lines }

  /// What is wrong with a failed run: it must have a status of this project's, nothing on standard output, and one line of reason.
  func flaw(expecting statuses: Set<Int> = [1]) -> String? {
    var flaws: [String] = []
    if !statuses.contains(status) { flaws.append("status \(status)") }
    if !output.isEmpty { flaws.append("wrote \(output.count) bytes: \(outputText.prefix(80))") }
    if complaints.count != 1 { flaws.append("\(complaints.count) lines on standard error") }
    if error.last != 0x0A { flaws.append("its last line has no end") }
    return flaws.isEmpty ? nil : flaws.joined(separator: ", ") + ": " + errorText.prefix(200)
  }
}

/// A tool that some test needs. Where it is missing the test is skipped, by name.
enum Tool {
  static let python = "/usr/bin/python3"

  static func has(_ path: String) -> Bool { Files.exists(FilePath(path)) }

  /// True if there is `strace`, and this machine lets it trace.
  static func canTrace() async throws -> Bool {
    guard has("/usr/bin/strace") else { return false }
    return try await run("/usr/bin/strace", ["-f", "-o", "/dev/null", "/bin/true"]).status == 0
  }
}
