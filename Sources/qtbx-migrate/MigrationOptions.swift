import ArgumentParser
import Base

/// What a migration is like. Each has its place in the file of settings, too: `Setting` says what it means.
struct MigrationOptions: ParsableArguments {
  @Option(help: Setting.help("source"), completion: Setting.completion("source")) var source: String?
  @Option(help: Setting.help("source-user"), completion: Setting.completion("source-user")) var sourceUser: String?
  @Option(help: Setting.help("source-netrc-file"), completion: Setting.completion("source-netrc-file")) var sourceNetrcFile: String?
  @Option(help: Setting.help("source-password-command"), completion: Setting.completion("source-password-command")) var sourcePasswordCommand: String?
  @Option(help: Setting.help("target"), completion: Setting.completion("target")) var target: String?
  @Option(help: Setting.help("target-user"), completion: Setting.completion("target-user")) var targetUser: String?
  @Option(help: Setting.help("target-netrc-file"), completion: Setting.completion("target-netrc-file")) var targetNetrcFile: String?
  @Option(help: Setting.help("target-password-command"), completion: Setting.completion("target-password-command")) var targetPasswordCommand: String?
  @Option(help: Setting.help("networks"), completion: Setting.completion("networks")) var networks: String?
  @Option(help: Setting.help("compliance"), completion: Setting.completion("compliance")) var compliance: String?
  @Option(help: Setting.help("certview"), completion: Setting.completion("certview")) var certview: String?
  @Option(help: Setting.help("skip"), completion: Setting.completion("skip")) var skip: String?
  @Option(help: Setting.help("send-email"), completion: Setting.completion("send-email")) var sendEmail: String?
  @Option(help: Setting.help("distribution-groups"), completion: Setting.completion("distribution-groups")) var distributionGroups: String?
  @Option(help: Setting.help("secrets"), completion: Setting.completion("secrets")) var secrets: String?
  @Option(help: Setting.help("passphrase-command"), completion: Setting.completion("passphrase-command")) var passphraseCommand: String?
  @Option(help: Setting.help("there"), completion: Setting.completion("there")) var there: String?
  @Option(help: Setting.help("refused"), completion: Setting.completion("refused")) var refused: String?
  @Option(help: Setting.help("changed"), completion: Setting.completion("changed")) var changed: String?
  @Option(help: Setting.help("excluded"), completion: Setting.completion("excluded")) var excluded: String?
  @Option(help: Setting.help("appliances"), completion: Setting.completion("appliances")) var appliances: String?
  @Option(help: Setting.help("restricted"), completion: Setting.completion("restricted")) var restricted: String?
  @Option(help: Setting.help("unrestricted"), completion: Setting.completion("unrestricted")) var unrestricted: String?
  @Option(parsing: .unconditional, help: Setting.help("network-options")) var networkOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("ip-options")) var ipOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("appliance-options")) var applianceOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("domain-options")) var domainOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("user-options")) var userOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("subscription-options")) var subscriptionOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("ipv6-options")) var ipv6Options: String?
  @Option(parsing: .unconditional, help: Setting.help("virtual-host-options")) var virtualHostOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("search-list-options")) var searchListOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("preference-options")) var preferenceOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("profile-options")) var profileOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("vault-options")) var vaultOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("auth-options")) var authOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("map-schedule-options")) var mapScheduleOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("template-options")) var templateOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("excluded-options")) var excludedOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("rewrite-options")) var rewriteOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("group-options")) var groupOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("tag-options")) var tagOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("tree-options")) var treeOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("policy-options")) var policyOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("scope-options")) var scopeOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("schedule-options")) var scheduleOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("fetch-options")) var fetchOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("push-options")) var pushOptions: String?
  @Option(parsing: .unconditional, help: Setting.help("plan-options")) var planOptions: String?

  /// Nothing is said. Errors: none; the parser wants to be asked.
  static func none() throws(Complaint) -> MigrationOptions {
    do { return try parse([]) } catch { throw Complaint(.fault, message(for: error)) }
  }

  /// Errors: `usage` for a value that cannot be meant.
  func check() throws(Complaint) {
    for setting in Setting.all { if let value = self[keyPath: setting.place] { try setting.check(value) } }
    for (side, file, command) in [("source", sourceNetrcFile, sourcePasswordCommand), ("target", targetNetrcFile, targetPasswordCommand)]
    where file?.isEmpty == false && command?.isEmpty == false {
      throw Complaint(.usage, "the password of the \(side) comes from one place: --\(side)-password-command or --\(side)-netrc-file")
    }
  }

  /// These, and where nothing is said, the others.
  func over(_ others: MigrationOptions) -> MigrationOptions {
    var merged = self
    for setting in Setting.all where merged[keyPath: setting.place] == nil { merged[keyPath: setting.place] = others[keyPath: setting.place] }
    // A place for the password that is named here stands for the other one there.
    if sourceNetrcFile != nil, sourcePasswordCommand == nil { merged.sourcePasswordCommand = nil }
    if sourcePasswordCommand != nil, sourceNetrcFile == nil { merged.sourceNetrcFile = nil }
    if targetNetrcFile != nil, targetPasswordCommand == nil { merged.targetPasswordCommand = nil }
    if targetPasswordCommand != nil, targetNetrcFile == nil { merged.targetNetrcFile = nil }
    return merged
  }

  /// How to log in, as options of the programs that do.
  private static func login(_ user: String?, _ file: String?, _ command: String?, _ before: String) -> String? {
    var words: [String] = []
    if let user, !user.isEmpty { words += ["--user=" + user] }
    if let file, !file.isEmpty { words += ["--netrc-file=" + Setting.path(file)] }
    if let command, !command.isEmpty { words += ["--password-command=" + before + command] }
    return words.isEmpty ? nil : words.map(ShellWords.quoted).joined(separator: " ")
  }

  /// The variables of make, as words of its command line. Errors: `usage`.
  ///
  /// - Parameter lock: what holds the lock of the folder: what a command leaves running must not. Nil if there is none.
  func variables(lock: Int32?) throws(Complaint) -> [String] {
    let before = lock.map { "exec \($0)>&-; " } ?? ""
    let parts = ["source-", "target-"].flatMap { side in ["user", "netrc-file", "password-command"].map { side + $0 } } + ["passphrase-command"]
    var variables: [String] = []
    for setting in Setting.all where !parts.contains(setting.name) {
      if let value = self[keyPath: setting.place], let variable = try setting.variable(value) { variables.append(variable) }
    }
    if let login = Self.login(sourceUser, sourceNetrcFile, sourcePasswordCommand, before) { variables.append("source_login=" + login) }
    if let login = Self.login(targetUser, targetNetrcFile, targetPasswordCommand, before) { variables.append("target_login=" + login) }
    if let passphraseCommand, !passphraseCommand.isEmpty {
      variables.append("secret_options=" + ShellWords.quoted("--passphrase-command=" + before + passphraseCommand))
    }
    return variables.map(ShellWords.forMake)
  }
}
