import Catalog
import Markup

/// What the records of a document are, by its root element.
struct KnownForms {
  /// What a person has called them.
  let record: String?

  func form(of root: String) -> RecordForm? {
    let lists = Catalog.lists(withRoot: root)
    let records = record.map { [$0] } ?? lists.flatMap(\.document.records)
    if records.isEmpty { return nil }
    let ids = lists.flatMap { $0.identity?.id ?? [] }.map { "\($0)" }
    let names = lists.flatMap { $0.identity?.name ?? [] }.map { "\($0)" }
    return RecordForm(
      records: records, ids: lists.isEmpty ? ["ID", "id"] : ids, names: lists.isEmpty ? ["TITLE", "NAME", "title", "name"] : names,
      listsWarnings: lists.contains(where: \.document.listsWarnings))
  }

  /// What a report calls a record of a document.
  func kind(of root: String) -> String {
    let kinds = Set(Catalog.lists(withRoot: root).map(\.kind))
    return record == nil && kinds.count == 1 ? kinds.first ?? "record" : "record"
  }
}
