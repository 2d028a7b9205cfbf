extension DocumentKind {
  /// A search result of the asset management API.
  fileprivate static let tags = DocumentKind("tag search result", roots: ["ServiceResponse"], records: ["ServiceResponse/data/Tag"])
}

extension Resource {
  /// Asset tags. A name is unique below a parent.
  package static let tags = Resource(
    "tags", kind: "tag", document: .tags, identity: Identity(id: "id", name: ["name"], created: "created", parent: "parentTagId"),
    list: ListCall(.search, "/qps/rest/{version}/search/am/tag", ["limitResults": "1000"], others: "fields"),
    creations: [Creation("/qps/rest/{version}/create/am/tag", action: "", name: "data/Tag/name", parent: "data/Tag/parentTagId")],
    undoings: [
      .deletion(
        of: "/qps/rest/{version}/create/am/tag", by: Deletion("/qps/rest/{version}/delete/am/tag/{id}", body: "<ServiceRequest/>"))
    ] + Undoing.person("/qps/rest/{version}/update/am/tag/{id}", Undoing.unknownBefore),
    readers: ["qtbx-tags-restructure"])

  /// One tag.
  package static let tag = Resource("tag", document: .tags, list: ListCall(.get, "/qps/rest/{version}/get/am/tag/{id}"))
}

extension DocumentKind {
  /// What `qtbx-tags-restructure` writes.
  package static let tagTrees = DocumentKind("tag document of qtbx-tags-restructure", roots: ["data"], records: ["data/Tag"])
}
