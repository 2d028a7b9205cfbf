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

  /// The folder of the programs: the one that the test runner itself was built into.
  package static let programs: FilePath = {
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

/// A program may leave before it has read all of its input; that must not end the tests.
private let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

/// Runs a program to its end, with bytes on its standard input.
package func run(
  _ program: FilePath, _ arguments: [String] = [], input: [UInt8] = [], in folder: FilePath? = nil, environment: [String: String] = [:]
) async throws -> Outcome {
  _ = ignoresBrokenPipes
  var changes: [Environment.Key: String?] = ["SWIFT_BACKTRACE": "enable=no"]
  for (name, value) in environment { changes[Environment.Key(stringLiteral: name)] = value }
  let result = try await Subprocess.run(
    .path(program), arguments: Arguments(arguments), environment: .inherit.updating(changes), workingDirectory: folder, input: .array(input),
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
