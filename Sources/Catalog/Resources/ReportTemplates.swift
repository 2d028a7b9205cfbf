extension Resource {
  /// The ids and titles of report templates of every kind.
  package static let reportTemplates = Resource(
    "report-templates",
    document: DocumentKind("list of report templates", roots: ["REPORT_TEMPLATE_LIST"], records: ["REPORT_TEMPLATE_LIST/REPORT_TEMPLATE"]),
    list: ListCall(.get, "/msp/report_template_list.php"), readers: ["qtbx-checklist"])

  /// What templates of one kind are made of.
  static let reportTemplateExports = [
    ("scan", "7.0", "SCANTEMPLATE"), ("pciscan", "2.0", "PCISCANTEMPLATE"), ("patch", "2.0", "PATCHTEMPLATE"), ("map", "2.0", "MAPTEMPLATE"),
  ].map { kind, version, element in
    Resource(
      "\(kind)-report-templates",
      document: DocumentKind("export of report templates", roots: ["REPORTTEMPLATE"], records: ["REPORTTEMPLATE/\(element)"]),
      list: ListCall(
        .get, "/api/{version}/fo/report/template/\(kind)/", version: version, ["action": "export", "report_format": "xml"], id: "template_id"))
  }
}
