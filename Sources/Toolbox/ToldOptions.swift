extension String {
  /// What may be told of options of programs: what stands behind the first command, password or passphrase in them may be a secret.
  package var withoutSecrets: String {
    guard let start = ["-command", "password", "passphrase"].compactMap({ firstRange(of: $0)?.lowerBound }).min() else { return self }
    return String(self[..<start]) + "… (the rest is not shown)"
  }
}
