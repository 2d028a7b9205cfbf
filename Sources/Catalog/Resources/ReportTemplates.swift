extension Resource {
  /// The ids and titles of report templates of every kind.
  package static let reportTemplates = Resource(
    "report-templates", kind: "report-template",
    document: DocumentKind("list of report templates", roots: ["REPORT_TEMPLATE_LIST"], records: ["REPORT_TEMPLATE_LIST/REPORT_TEMPLATE"]),
    identity: Identity(id: "ID", name: ["TITLE"]), list: ListCall(.get, "/msp/report_template_list.php"),
    creations: [
      Creation("/api/{version}/fo/report/template/scan/", action: "", name: "SCANTEMPLATE/TITLE/INFO[key=title]"),
      Creation("/api/{version}/fo/report/template/pciscan/", action: "", name: "PCISCANTEMPLATE/TITLE/INFO[key=title]"),
      Creation("/api/{version}/fo/report/template/patch/", action: "", name: "PATCHTEMPLATE/TITLE/INFO[key=title]"),
      Creation("/api/{version}/fo/report/template/map/", action: "", name: "MAPTEMPLATE/TITLE/INFO[key=title]"),
    ],
    // U16 p. 433: of each kind, by its own call.
    undoings: ["scan", "pciscan", "patch", "map"].flatMap { kind -> [Undoing] in
      let path = "/api/{version}/fo/report/template/\(kind)/"
      return [.deletion(of: path, "create", id: "template_id")] + Undoing.person(path, ["update"], Undoing.unknownBefore)
    },
    isReferable: false, follows: ["search-list", "asset-group", "tag", "network", "user"], readers: ["qtbx-checklist"])

  /// What templates of one kind are made of. An export has no ids: the kind and the title of a template are all that it is known by.
  package static let reportTemplateExports = [
    ("scan", "7.0", "3.0 4.0 5.0 6.0 2.0", "SCANTEMPLATE"), ("pciscan", "2.0", "", "PCISCANTEMPLATE"), ("patch", "2.0", "", "PATCHTEMPLATE"),
    ("map", "2.0", "", "MAPTEMPLATE"),
  ].map { kind, version, versions, element in
    Resource(
      "\(kind)-report-templates", kind: "report-template",
      document: DocumentKind("export of report templates", roots: ["REPORTTEMPLATE"], records: ["REPORTTEMPLATE/\(element)"]),
      identity: Identity(joining: ".", "TITLE/INFO[key=title]"),
      list: ListCall(
        .get, "/api/{version}/fo/report/template/\(kind)/", version: version, versions: versions, ["action": "export", "report_format": "xml"],
        id: "template_id"),
      isReferable: false, references: kind == "map" ? [] : templateReferences, follows: ["user"],
      readers: ["qtbx-report-templates-to-urls"])
  }

  private static let templateReferences =
    [
      Reference("asset-group", at: .element("TARGET/INFO[key=asset_group_ids]"), isList: true),
      // Exports have -100.
      Reference("network", at: .element("TARGET/INFO[key=network]")) { Reference.names($0) || $0 == "0" || $0 == "-100" },
      Reference("tag", at: .element("TARGET/INFO[key=tag_set_include]"), isList: true, except: tagsByName, constants: Reference.names),
      Reference("tag", at: .element("TARGET/INFO[key=tag_set_exclude]"), isList: true, except: tagsByName, constants: Reference.names),
      Reference(
        "search-list", at: .element("PCIRISKRANKING/INFO[key=customized_ranking_qid_searchlist_comments]"), isList: true, isLenient: true,
        holdsFields: true, constants: Reference.names),
    ]
    + ["search_list_ids", "exclude_search_list_ids", "patch_search_list_ids", "exclude_patch_search_list_ids"].map { key in
      // A QID that the map lacks stands beside the ids that it has.
      Reference("search-list", at: .element("FILTER/INFO[key=\(key)]"), isList: true, isLenient: true, constants: Reference.zero)
    }

  private static let tagsByName: (path: StaticString, value: String) = ("TARGET/INFO[key=tag_set_by]", "name")
}
