internal import Glibc
internal import Subprocess
package import SystemPackage

/// Where things are.
package enum Place {
  /// The root of the checkout.
  package static let root: FilePath = {
    // …/Tests/Support/Running.swift
    var path = FilePath(#filePath)
    for _ in 0..<3 { path.removeLastComponent() }
    return path
  }()

  /// The folder of the programs: the one that `qtbx_programs` names, or else the one that the test runner itself was built into.
  package static let programs: FilePath = {
    if let named = getenv("qtbx_programs") { return root.pushing(FilePath(platformString: named)) }
    var path = FilePath(CommandLine.arguments[0])
    if !path.isAbsolute { path = root.appending(path.components) }
    // The runner stands beside the programs, in a bundle or as itself.
    while !path.isEmpty {
      path.removeLastComponent()
      if Files.exists(path.appending("qtbx-requests")) { return path }
    }
    return root.appending(".build/debug")
  }()

  package static func program(_ name: String) -> FilePath { programs.appending(name) }

  /// Where tools are looked for: the system's own come first. What stands before them for a developer may be a script that looks for another one.
  package static let path = "/usr/bin:/bin" + (getenv("PATH").map { ":" + String(cString: $0) } ?? "")
}

/// What a program has done.
package struct Outcome: Sendable {
  package var output: [UInt8]
  package var error: [UInt8]
  /// The exit status, or minus the signal that ended it.
  package var status: Int

  package var outputText: String { String(decoding: output, as: UTF8.self) }
  package var errorText: String { String(decoding: error, as: UTF8.self) }
}

/// Lets a few programs run side by side: the tests would start hundreds at once, and run out of descriptors.
private actor Gate {
  private var free = 6
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func enter() async {
    if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
  }

  func leave() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

private let gate = Gate()

/// A file without a name that holds bytes, for a program to read. A pipe would break if the program left before it has read all.
private func unnamedFile(of bytes: [UInt8]) throws -> FileDescriptor {
  var template = Array("/tmp/qtbx-input.XXXXXX".utf8CString)
  let number = mkstemp(&template)
  guard number >= 0 else { throw Errno(rawValue: errno) }
  unlink(&template)
  let file = FileDescriptor(rawValue: number)
  try file.writeAll(bytes)
  try file.seek(offset: 0, from: .start)
  return file
}

/// Runs a program to its end, with bytes on its standard input.
///
/// - Parameter seconds: when a program that hangs is ended, with a status that no program has; nil for never.
package func run(
  _ program: FilePath, _ arguments: [String] = [], input: [UInt8] = [], in folder: FilePath? = nil, environment: [String: String] = [:],
  seconds: Int? = nil
) async throws -> Outcome {
  await gate.enter()
  defer { Task { await gate.leave() } }
  guard let seconds else { return try await ended(program, arguments, input: input, in: folder, environment: environment) }
  return try await withThrowingTaskGroup(of: Outcome?.self) { group in
    group.addTask { try await ended(program, arguments, input: input, in: folder, environment: environment) }
    group.addTask {
      try await Task.sleep(for: .seconds(seconds))
      return nil
    }
    let first = try await group.next()
    group.cancelAll()
    if let outcome = first ?? nil { return outcome }
    // The program is killed with its task.
    _ = try? await group.next()
    return Outcome(output: [], error: Array("it has not ended in \(seconds) seconds\n".utf8), status: -9)
  }
}

private func ended(
  _ program: FilePath, _ arguments: [String], input: [UInt8], in folder: FilePath?, environment: [String: String]
) async throws -> Outcome {
  var changes: [Environment.Key: String?] = ["SWIFT_BACKTRACE": "enable=no", "PATH": Place.path]
  for (name, value) in environment { changes[Environment.Key(stringLiteral: name)] = value }
  let result = try await Subprocess.run(
    .path(program), arguments: Arguments(arguments), environment: .inherit.updating(changes), workingDirectory: folder,
    input: .fileDescriptor(unnamedFile(of: input), closeAfterSpawningProcess: true),
    output: .bytes(limit: 1 << 28), error: .bytes(limit: 1 << 24))
  let status =
    switch result.terminationStatus {
    case .exited(let code): Int(code)
    case .signaled(let signal): -Int(signal)
    }
  return Outcome(output: result.standardOutput, error: result.standardError, status: status)
}

/// Runs a shell script; `$1`, `$2` … are the arguments. For what only a shell can set up: closed descriptors, limits, pipes.
package func shell(_ script: String, _ arguments: [String] = [], input: [UInt8] = [], in folder: FilePath? = nil) async throws -> Outcome {
  try await run("/bin/bash", ["-c", script, "bash"] + arguments, input: input, in: folder)
}
