// swift-tools-version: 6.2

import PackageDescription

// The rooms: one executable target and one file per program, its stylesheet with its modules, the grammar of its records. The list is written
// out, since SwiftPM caches the manifest and would not notice a new folder.
let rooms: [(name: String, sheets: [String])] = [
  ("qtbx-ag-rewrite", ["asset-group.grammar"]),
  ("qtbx-ag-to-urls", ["ag-to-urls.xsl", "asset-group.grammar"]),
  ("qtbx-appliances-to-urls", ["appliances-to-urls.xsl", "appliance.grammar"]),
  ("qtbx-audit", []),
  ("qtbx-auth-to-urls", ["auth-to-urls.xsl", "rows.xsl", "auth-table.xsl", "auth-unix.xsl", "auth.grammar", "host-ip.grammar"]),
  ("qtbx-checklist", []),
  ("qtbx-domains-to-urls", ["domains-to-urls.xsl", "domain.grammar"]),
  ("qtbx-excluded-hosts-to-urls", ["excluded-host.grammar"]),
  ("qtbx-ips-to-urls", ["host-ip.grammar"]),
  ("qtbx-ipv6-to-urls", ["ipv6-mapping.grammar"]),
  ("qtbx-map", []),
  (
    "qtbx-map-schedules-to-urls",
    ["map-schedules-to-urls.xsl", "schedule-targets.xsl", "schedule-time.xsl", "schedule-refusals.xsl", "schedule-notes.xsl", "map-schedule.grammar"]
  ),
  ("qtbx-merge-policy", ["policy-control.grammar"]),
  ("qtbx-migrate", []),
  ("qtbx-networks-to-urls", ["networks-to-urls.xsl", "network.grammar"]),
  ("qtbx-option-profiles-to-urls", ["option-profiles-to-urls.xsl", "option-profile.grammar"]),
  ("qtbx-plan", []),
  ("qtbx-policies-to-urls", ["policies-to-urls.xsl", "policy.grammar"]),
  ("qtbx-policy-merge", []),
  ("qtbx-preferences-to-urls", []),
  ("qtbx-repair", []),
  ("qtbx-report-templates-to-urls", ["report-templates-to-urls.xsl", "report-template.grammar"]),
  ("qtbx-requests", []),
  ("qtbx-restricted-ips-to-urls", ["restricted-ip.grammar"]),
  (
    "qtbx-schedule-to-urls",
    ["schedule-to-urls.xsl", "schedule-targets.xsl", "schedule-time.xsl", "schedule-refusals.xsl", "schedule-notes.xsl", "schedule.grammar"]
  ),
  ("qtbx-exceptions-to-urls", ["exceptions-to-urls.xsl", "exception.grammar"]),
  ("qtbx-search-lists-to-urls", ["search-lists-to-urls.xsl", "search-list.grammar"]),
  ("qtbx-subscription-to-urls", []),
  ("qtbx-tags-restructure", ["tags-restructure.xsl", "tag.grammar"]),
  ("qtbx-tags-to-urls", ["tags-to-urls.xsl", "tag-tree.grammar"]),
  ("qtbx-undo", []),
  ("qtbx-users-to-urls", ["users-to-urls.xsl", "user.grammar"]),
  ("qtbx-vaults-to-urls", ["vaults-to-urls.xsl", "rows.xsl", "vaults-table.xsl", "vault.grammar"]),
  ("qtbx-verify", []),
  ("qtbx-virtual-hosts-to-urls", ["virtual-hosts-to-urls.xsl", "virtual-host.grammar"]),
]

// What every target is held to. A C type that leaks through a floor, a missing import or any warning does not compile.
let held: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// The floors are optimized in debug builds, too: the tests run thousands of programs, and nearly all of their time is spent there. So are those tests that make
/// records and judge answers by the thousand; those that wait for programs and servers are not, since that would take longer than it gains.
let quick: [SwiftSetting] = held + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// What `--version` says of a build: scripts/build knows the commit, and this file only hands it on.
let origin: [CSetting] = Context.environment["QTBX_BUILD"].map { [.define("QTBX_BUILD", to: "\"\($0)\"")] } ?? []

/// For the tests, which run the real programs.
let subprocess: [Target.Dependency] = [
  .product(name: "Subprocess", package: "swift-subprocess"), .product(name: "SystemPackage", package: "swift-system"),
]

let package = Package(
  name: "qtbx",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibxml", pkgConfig: "libexslt", providers: [.apt(["libxml2-dev", "libxslt1-dev"])]),
    .target(name: "CMarkup", dependencies: ["CLibxml"]),
    .systemLibrary(name: "CMimalloc", providers: [.apt(["libmimalloc-dev"])]),
    .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CTransfer", dependencies: ["CLibcurl", "CLibcrypto"]),
    .target(name: "CSealing", dependencies: ["CLibcrypto"]),
    .target(name: "CBuild", cSettings: origin),
    // What needs no C library: the error, descriptors, times, tables.
    .target(name: "Base", swiftSettings: quick),
    // Folders and their locks, programs that are started, lines of what they say.
    .target(name: "Processes", dependencies: ["Base"], swiftSettings: quick + [.strictMemorySafety()]),
    .target(name: "Markup", dependencies: ["Base", "CLibxml", "CMarkup"], swiftSettings: quick),
    // What the service has: a file for each resource.
    .target(name: "Catalog", dependencies: ["Base"], swiftSettings: held),
    .target(name: "Requests", dependencies: ["Base", "Catalog", "Markup"], swiftSettings: quick),
    .target(
      name: "Toolbox",
      dependencies: [
        "Base", "Catalog", "CBuild", "CMimalloc", "Markup", "Processes", "Requests",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      resources: [.embedInCode("vocabulary.xsl")], swiftSettings: quick),
  ]
    + [
      // What is sealed, and locked memory: the floor of qtbx-secrets and of Transfer. No other filter may link libcrypto.
      .target(
        name: "Sealing",
        dependencies: ["Base", "CSealing", "Markup", "Requests", "Toolbox", .product(name: "ArgumentParser", package: "swift-argument-parser")],
        swiftSettings: quick),
      .executableTarget(
        name: "qtbx-secrets",
        dependencies: ["Base", "Requests", "Sealing", "Toolbox", .product(name: "ArgumentParser", package: "swift-argument-parser")],
        swiftSettings: held + [.strictMemorySafety()]),
      // The floor of fetch and push alone: no filter may link libcurl.
      .target(
        name: "Transfer",
        dependencies: [
          "Base", "Catalog", "CTransfer", "Markup", "Processes", "Requests", "Sealing", "Toolbox",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: held),
      .executableTarget(
        name: "qtbx-push",
        dependencies: [
          "Base", "Catalog", "Markup", "Requests", "Sealing", "Toolbox", "Transfer",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: held + [.strictMemorySafety()]),
      .executableTarget(
        name: "qtbx-fetch",
        dependencies: [
          "Base", "Catalog", "Markup", "Toolbox", "Transfer",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: held + [.strictMemorySafety()]),
      // The floor of the rehearsal alone, and the only place for a part of Foundation: it reads JSON.
      .target(name: "SimHTTP", dependencies: ["Base"], swiftSettings: held),
      .executableTarget(
        name: "qtbx-sim",
        dependencies: [
          "Base", "Catalog", "SimHTTP", "Markup", "Requests", "Toolbox",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: held),
    ]
    + rooms.map { room in
      .executableTarget(
        name: room.name,
        dependencies: [
          "Base", "Catalog", "Markup", "Processes", "Requests", "Toolbox",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        resources: room.sheets.map { .embedInCode($0) },
        swiftSettings: held + [.strictMemorySafety()])
    }
    + [
      .target(name: "Support", dependencies: subprocess, path: "Tests/Support", swiftSettings: quick),
      .testTarget(
        name: "RoomTests", dependencies: ["Base", "Catalog", "Markup", "Requests", "Support"] + subprocess, exclude: ["browser.py"],
        swiftSettings: quick),
      .testTarget(name: "SealingTests", dependencies: ["Base", "Requests", "Sealing", "Support", "Toolbox"] + subprocess, swiftSettings: held),
      .testTarget(name: "SimTests", dependencies: ["Support"] + subprocess, swiftSettings: held),
      .testTarget(name: "FaultTests", dependencies: ["Support"] + subprocess, exclude: ["valgrind.supp"], swiftSettings: held),
      .testTarget(
        name: "TransferTests", dependencies: ["Base", "Catalog", "Markup", "Requests", "Sealing", "Support", "Toolbox", "Transfer"] + subprocess,
        exclude: ["faultserver.py", "terminal.py"],
        swiftSettings: held),
      .testTarget(
        name: "FloorTests",
        dependencies: ["qtbx-tags-restructure", "Base", "Catalog", "Markup", "Processes", "Requests", "Support", "Toolbox"] + subprocess,
        swiftSettings: quick),
    ]
)
