extension Resource {
  /// The settings of a subscription.
  package static let subscription = Resource(
    "subscription", kind: "subscription", document: DocumentKind("document of subscription settings", roots: [], records: []),
    list: ListCall(.get, "/api/{version}/fo/subscription/index.php", ["action": "export"], takesAnyRoot: true),
    undoings: ["index.php", ""].flatMap {
      Undoing.person("/api/{version}/fo/subscription/\($0)", ["import"], "the settings before stand in the export that was made of them, if any")
    }, isReferable: false, isMoved: true, readers: ["qtbx-subscription-to-urls"])

  /// The codes of time zones, which schedules have.
  package static let timeZones = Resource(
    "time-zones", document: DocumentKind("list of time zones", roots: [], records: []),
    list: ListCall(.get, "/msp/time_zone_code_list.php", takesAnyRoot: true))
}
