import ArgumentParser
import Base
import Catalog
import Glibc
import Requests
import Toolbox

/// What can be set for a migration: on the command line, or in its file of settings.
struct Setting: Sendable {
  /// What a value may be, and what becomes of it.
  enum Form: Sendable, Equatable {
    case server
    /// A user, or a command for the shell of another program.
    case text
    /// A file that a program reads.
    case file
    /// The same, where make has to know it: its name has nothing in it that make would take for something else.
    case madeFile
    /// Options of a program.
    case options
    /// Names of what is moved.
    case resources
    case oneOf([String])
  }

  /// The option without its hyphens, and the key in the file.
  let name: String
  /// What stands for the value.
  let placeholder: String
  /// What it means, for the help and the file.
  let meaning: String
  let form: Form
  let place: Place

  typealias Place = any WritableKeyPath<MigrationOptions, String?> & Sendable

  /// A group of them in the file.
  struct Chapter: Sendable {
    let title: String
    let settings: [Setting]
  }

  static let chapters: [Chapter] = [
    Chapter(
      title: "Where from, and where to. A password never stands here: a netrc file or a command has it, or it is asked for.",
      settings: [
        Setting("source", "server", "The API server of the source.", .server, \.source),
        Setting("source-user", "name", "Who asks there.", .text, \.sourceUser),
        Setting("source-netrc-file", "file", "A netrc file with the user and the password there.", .file, \.sourceNetrcFile),
        Setting("source-password-command", "command", "A shell command that prints the password there.", .text, \.sourcePasswordCommand),
        Setting("target", "server", "The API server of the target.", .server, \.target),
        Setting("target-user", "name", "Who asks there.", .text, \.targetUser),
        Setting("target-netrc-file", "file", "A netrc file with the user and the password there.", .file, \.targetNetrcFile),
        Setting("target-password-command", "command", "A shell command that prints the password there.", .text, \.targetPasswordCommand),
      ]),
    Chapter(
      title: "What is moved.",
      settings: [
        Setting("networks", "none", "A subscription has no Network Support.", .oneOf(["none"]), \.networks),
        Setting("compliance", "none", "A subscription has no Policy Compliance.", .oneOf(["none"]), \.compliance),
        Setting("certview", "none", "A subscription has no CertView.", .oneOf(["none"]), \.certview),
        Setting("skip", "lists", "Leave these out, as the table names them.", .resources, \.skip),
        Setting(
          "send-email", "yes|no", "Whether the service mails to each new user. Without it, no user is created.", .oneOf(["yes", "no"]), \.sendEmail),
        Setting(
          "distribution-groups", "file", "A map of distribution groups, in place of maps/distribution-groups.csv.", .madeFile, \.distributionGroups),
        Setting("secrets", "file", "What qtbx-secrets has sealed: without it, vaults and authentication records stay.", .file, \.secrets),
        Setting("passphrase-command", "command", "A shell command that prints the passphrase of that file.", .text, \.passphraseCommand),
      ]),
    Chapter(
      title: "What is done although somebody should look first.",
      settings: [
        Setting("there", "accept", "Send although the target has objects of these names.", .oneOf(["accept"]), \.there),
        Setting("refused", "accept", "Go on although requests were refused or are unknown.", .oneOf(["accept"]), \.refused),
        Setting("changed", "send", "Send records again that have been sent with other contents.", .oneOf(["send"]), \.changed),
        Setting("excluded", "accept", "Send schedules although the target excludes fewer hosts.", .oneOf(["accept"]), \.excluded),
        Setting("appliances", "accept", "Send although the target lacks appliances that no call creates.", .oneOf(["accept"]), \.appliances),
        Setting(
          "restricted", "accept", "Send subscription settings although they say from where one may log in.", .oneOf(["accept"]), \.restricted),
        Setting(
          "unrestricted", "accept", "Send option profiles although the policies that they are restricted to are left out.", .oneOf(["accept"]),
          \.unrestricted),
      ]),
    Chapter(
      title: "Options of the programs, as a shell would read them: quotes keep words together. A file is named from where the folder stands.",
      settings: [
        options("network", "qtbx-networks-to-urls", \.networkOptions), options("ip", "qtbx-ips-to-urls", \.ipOptions),
        options("appliance", "qtbx-appliances-to-urls", \.applianceOptions), options("domain", "qtbx-domains-to-urls", \.domainOptions),
        options("user", "qtbx-users-to-urls", \.userOptions), options("subscription", "qtbx-subscription-to-urls", \.subscriptionOptions),
        options("ipv6", "qtbx-ipv6-to-urls", \.ipv6Options), options("virtual-host", "qtbx-virtual-hosts-to-urls", \.virtualHostOptions),
        options("search-list", "qtbx-search-lists-to-urls", \.searchListOptions),
        options("preference", "qtbx-preferences-to-urls", \.preferenceOptions),
        options("profile", "qtbx-option-profiles-to-urls", \.profileOptions), options("vault", "qtbx-vaults-to-urls", \.vaultOptions),
        options("auth", "qtbx-auth-to-urls", \.authOptions), options("map-schedule", "qtbx-map-schedules-to-urls", \.mapScheduleOptions),
        options("template", "qtbx-report-templates-to-urls", \.templateOptions),
        options("excluded", "qtbx-excluded-hosts-to-urls", \.excludedOptions), options("rewrite", "qtbx-ag-rewrite", \.rewriteOptions),
        options("group", "qtbx-ag-to-urls", \.groupOptions),
        options("tag", "qtbx-tags-restructure", \.tagOptions, "; without it, they are --orphans-under 'Imported tags'"),
        options("tree", "qtbx-tags-to-urls", \.treeOptions), options("policy", "qtbx-policies-to-urls", \.policyOptions),
        options("scope", "qtbx-policies-to-urls --step scope", \.scopeOptions), options("schedule", "qtbx-schedule-to-urls", \.scheduleOptions),
        options("fetch", "qtbx-fetch", \.fetchOptions), options("push", "qtbx-push", \.pushOptions), options("plan", "qtbx-plan", \.planOptions),
      ]),
  ]

  static let all = chapters.flatMap(\.settings)

  private init(
    _ name: String, _ placeholder: String, _ meaning: String, _ form: Form, _ place: Place
  ) {
    (self.name, self.placeholder, self.meaning, self.form, self.place) = (name, placeholder, meaning, form, place)
  }

  private static func options(
    _ name: String, _ program: String, _ place: Place, _ more: String = ""
  ) -> Setting {
    Setting(name + "-options", "options", "Options of \(program)\(more).", .options, place)
  }

  /// What the help says.
  static func help(_ name: String) -> ArgumentHelp {
    let setting = all.first { $0.name == name }
    return ArgumentHelp(stringLiteral: setting?.meaning ?? "").naming(setting?.placeholder)
  }

  /// What a shell offers for the value.
  static func completion(_ name: String) -> CompletionKind {
    switch all.first(where: { $0.name == name })?.form {
    case .oneOf(let words): .list(words)
    case .resources: .list(Catalog.movable.map(\.name))
    case .file, .madeFile: .file()
    default: .list([])
    }
  }

  // MARK: Values

  /// Errors: `usage` for a value that cannot be meant, or that make or a shell would take for something else.
  func check(_ value: String) throws(Complaint) {
    if value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      throw Complaint(.usage, "--\(name): there is a control character in it: \(value.shown)")
    }
    // Nothing: as if nobody had said anything.
    if value.isEmpty { return }
    switch form {
    case .server:
      do throws(Complaint) { _ = try Server(value) } catch {
        // What stands before an @ may be a password.
        let named = value.firstIndex(of: "@").map { "…" + value[$0...] } ?? value
        throw Complaint(.usage, "--\(name)=\(named.shown): " + error.reason.replacing("--server takes", with: "it takes"))
      }
    case .text, .file: break
    case .madeFile:
      guard value.utf8.allSatisfy({ ShellWords.isPlain($0) || $0 == "~" }), !value.hasPrefix("-") else {
        throw Complaint(.usage, "--\(name)=\(value): make takes no name with a blank, a quote or another character that means something to it")
      }
    case .options: _ = try ShellWords.words(of: value)
    case .resources:
      let known = Catalog.movable.map(\.name)
      for word in Self.split(value) where !known.contains(word) {
        let near = word.nearest(of: known).map { ", perhaps \($0)" } ?? ""
        throw Complaint(.usage, "--\(name): there is no \(word.shown) to move\(near)")
      }
    case .oneOf(let words):
      guard words.contains(value) else {
        throw Complaint(.usage, "--\(name)=\(value.shown): it takes \(words.joined(separator: " or ")), or is left out")
      }
    }
  }

  private static func split(_ value: String) -> [String] { value.split { $0 == " " || $0 == "," }.map { String($0) } }

  /// A value as make has it, of those that are variables there. Nil for what is left out.
  func variable(_ value: String) throws(Complaint) -> String? {
    let name = name.replacing("-", with: "_")
    switch form {
    case .options: return try "\(name)=" + ShellWords.words(of: value).map(ShellWords.quoted).joined(separator: " ")
    case .resources: return value.isEmpty ? nil : "\(name)=" + Self.split(value).joined(separator: " ")
    case .file: return value.isEmpty ? nil : "\(name)=" + ShellWords.quoted(Self.path(value))
    case .madeFile: return value.isEmpty ? nil : "\(name)=" + Self.path(value)
    default: return value.isEmpty ? nil : "\(name)=\(value)"
    }
  }

  /// A name of a file may begin with `~/`, as in a shell.
  static func path(_ value: String) -> String {
    guard value.hasPrefix("~/"), let home = Environment.value(of: "HOME"), !home.isEmpty else { return value }
    return home + value.dropFirst()
  }
}

extension ArgumentHelp {
  fileprivate func naming(_ value: String?) -> ArgumentHelp {
    var help = self
    help.valueName = value
    return help
  }
}

/// The environment of this program.
enum Environment {
  /// Nil if the variable is not set.
  static func value(of name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
}
