extension DocumentKind {
  fileprivate static let optionProfiles = DocumentKind(
    "list of option profiles", roots: ["OPTION_PROFILES"], records: ["OPTION_PROFILES/OPTION_PROFILE"])
}

extension Resource {
  /// A title is one profile's of its type.
  private static let profile = Identity(id: "BASIC_INFO/ID", name: ["BASIC_INFO/GROUP_NAME"], parent: "BASIC_INFO/GROUP_TYPE")
  private static let types = [("vm", "user"), ("pc", "compliance"), ("pci", "pci")]
  private static let path = "/api/{version}/fo/subscription/option_profile/"

  /// How scans are made: the export that an import takes, of all modules.
  package static let optionProfiles = Resource(
    "option-profiles", kind: "option-profile", document: .optionProfiles, identity: profile,
    list: ListCall(
      .getOrPost, path, versions: "7.0", ["action": "export", "include_system_option_profiles": "0"],
      others: "option_profile_title option_profile_type output_format", id: "option_profile_id"),
    creations: [
      Creation(
        path, action: "import", nameInBody: "OPTION_PROFILE/BASIC_INFO/GROUP_NAME", parent: "OPTION_PROFILE/BASIC_INFO/GROUP_TYPE")
    ] + types.map { Creation("\(path)\($0.0)/", action: "create", name: "title", below: $0.1) },
    // Each type by its own call: U16 p. 133, 142, 156.
    undoings: types.flatMap { module, type -> [Undoing] in
      [.deletion(of: path, "import", below: type, at: "\(path)\(module)/"), .deletion(of: "\(path)\(module)/", "create")]
        + Undoing.person("\(path)\(module)/", ["update"], Undoing.unknownBefore)
    } + Undoing.person(path, ["import"], creates: true, "the journal does not say of which type it is, and each is deleted by a call of its own"),
    references: [
      Reference("option-profile", at: .element("BASIC_INFO/ID"), noun: "option profile id", isVital: true, isOwn: true),
      Reference("policy", at: .element("SCAN_BY_POLICY/POLICY/ID")),
    ],
    follows: ["search-list"], readers: ["qtbx-option-profiles-to-urls"])

  /// The same by module, field by field.
  static let optionProfileLists = ["vm", "pc", "pci"].map { module in
    Resource(
      "option-profiles-\(module)", kind: "option-profile", document: .optionProfiles, identity: profile,
      list: ListCall(
        .getOrPost, "\(path)\(module)/", versions: module == "vm" ? "4.0 5.0" : "", ["action": "list"], others: "title", id: "id"))
  }
}
