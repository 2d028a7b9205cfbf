extension DocumentKind {
  fileprivate static let agentKeys = DocumentKind("search result of agent keys", roots: ["ServiceResponse"], records: ["data/AgentActKey"])
}

extension Resource {
  /// The keys with which cloud agents are activated.
  static let agentKeys = Resource(
    "agent-keys", document: .agentKeys,
    list: ListCall(.search, "/qps/rest/{version}/search/ca/agentactkey/", version: "1.0", ["limitResults": "1000"]))

  /// One of them.
  static let agentKey = Resource(
    "agent-key", document: .agentKeys, list: ListCall(.get, "/qps/rest/{version}/get/ca/agentactkey/{id}", version: "1.0"))

  /// What cloud agents do.
  static let agentProfiles = Resource(
    "agent-profiles",
    document: DocumentKind("search result of agent profiles", roots: ["ServiceResponse"], records: ["data/AgentConfig"]),
    list: ListCall(.search, "/qps/rest/{version}/search/ca/agentconfig", version: "1.0", ["limitResults": "1000"]))
}
