import Base
import Glibc
import Sealing
import Support
import SystemPackage
import Toolbox

/// A passphrase, and a table of secrets, that no text contains by chance.
enum Sample {
  static let passphrase = "Zaunkönig 73!"
  static let secrets = ["p&ss \"w\" <ö> %41+", "-----BEGIN KEY-----\nabc+/=\n-----END KEY-----\n", "Kolibri-55"]
  static let table = """
    kind,title,field,username,value
    unix,Root #1,password,root,"p&ss ""w"" <ö> %41+"
    unix,Root #1,private_key,root,"-----BEGIN KEY-----
    abc+/=
    -----END KEY-----
    "
    vault,Safe / 2,access_key,,Kolibri-55

    """
  /// What all that cannot be opened is told.
  static let unopened = "cannot be opened: the passphrase is wrong, or the file was changed"
}

/// A passphrase as a program gets it: through a descriptor.
func passphrase(_ text: String) throws -> Passphrase {
  let ends = try Descriptor.pipe()
  defer { close(ends.exit) }
  try Descriptor.write(Array(text.utf8), to: ends.entrance)
  close(ends.entrance)
  return try Passphrase(firstLineOf: ends.exit)
}

/// The bytes that a sealed file opens to; what went wrong otherwise.
func opened(_ bytes: [UInt8], with keys: SealedFile.Keys) throws(Complaint) -> [UInt8] {
  let plain = try SealedFile(parsing: bytes).opened(with: keys)
  return plain.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
}

/// A table of secrets in memory.
func table(_ text: String) throws(Complaint) -> SecretTable {
  let bytes = Array(text.utf8)
  let locked = try LockedBytes(bytes.span)
  return try SecretTable(parsing: locked)
}

let program = Place.program("qtbx-secrets")

/// The sample's table, sealed with the program: once for all tests to which one is as good as another. The passphrase is in the folder.
func sealed(in folder: FilePath) async throws -> [UInt8] {
  try Files.write(Array((Sample.passphrase + "\n").utf8), to: folder.appending("passphrase"))
  return try await sample.value
}

private let sample = Task { try await Files.withScratch { folder in try await sealedAnew(in: folder) } }

/// Seals a table with the program.
func sealedAnew(_ text: String = Sample.table, _ passphrase: String = Sample.passphrase, in folder: FilePath) async throws -> [UInt8] {
  try Files.write(Array((passphrase + "\n").utf8), to: folder.appending("passphrase"))
  let outcome = try await run(program, ["seal", "--passphrase-command", "cat passphrase"], input: Array(text.utf8), in: folder)
  guard outcome.status == 0 else { throw Complaint(.fault, outcome.errorText) }
  return outcome.output
}

/// Runs a script with `SECRETS` as the program, in a folder with `sealed.qsec`, `secrets.csv` and `passphrase`.
func script(_ script: String, in folder: FilePath) async throws -> Outcome {
  try Files.write(try await sealed(in: folder), to: folder.appending("sealed.qsec"))
  try Files.write(Array(Sample.table.utf8), to: folder.appending("secrets.csv"))
  chmod(folder.appending("sealed.qsec").string, 0o600)
  chmod(folder.appending("secrets.csv").string, 0o600)
  return try await run("/bin/bash", ["-c", script], in: folder, environment: ["SECRETS": program.string])
}
