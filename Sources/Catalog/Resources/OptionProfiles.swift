extension DocumentKind {
  fileprivate static let optionProfiles = DocumentKind(
    "list of option profiles", roots: ["OPTION_PROFILES"], records: ["OPTION_PROFILES/OPTION_PROFILE"])
}

extension Resource {
  private static let profile = Identity(id: "BASIC_INFO/ID", name: ["BASIC_INFO/GROUP_NAME"])

  /// How scans are made: the export that an import takes, of all modules.
  package static let optionProfiles = Resource(
    "option-profiles", kind: "option-profile", document: .optionProfiles, identity: profile,
    list: ListCall(
      .getOrPost, "/api/{version}/fo/subscription/option_profile/", versions: "7.0",
      ["action": "export", "include_system_option_profiles": "0"], others: "option_profile_title option_profile_type output_format",
      id: "option_profile_id"))

  /// The same by module, field by field.
  static let optionProfileLists = ["vm", "pc", "pci"].map { module in
    Resource(
      "option-profiles-\(module)", kind: "option-profile", document: .optionProfiles, identity: profile,
      list: ListCall(
        .getOrPost, "/api/{version}/fo/subscription/option_profile/\(module)/", versions: module == "vm" ? "4.0 5.0" : "", ["action": "list"],
        others: "title", id: "id"))
  }
}
