// swift-tools-version: 6.2

import PackageDescription

// The floors again, in a package of their own, since what a fuzzer needs may not stand in a package that others depend on. They belong to this
// package here, so that its targets see what is `package` in them.
let held: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "qtbx-fuzz",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibxml", pkgConfig: "libexslt"),
    .target(name: "CMarkup", dependencies: ["CLibxml"]),
    .systemLibrary(name: "CMimalloc"),
    .target(name: "CBuild"),
    .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl"),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto"),
    .target(name: "CTransfer", dependencies: ["CLibcurl", "CLibcrypto"]),
    .target(name: "CSealing", dependencies: ["CLibcrypto"]),
    .target(name: "Base", swiftSettings: held),
    .target(name: "Processes", dependencies: ["Base"], swiftSettings: held + [.strictMemorySafety()]),
    .target(name: "Markup", dependencies: ["Base", "CLibxml", "CMarkup"], swiftSettings: held),
    .target(name: "Catalog", dependencies: ["Base"], swiftSettings: held),
    .target(name: "Requests", dependencies: ["Base", "Catalog", "Markup"], swiftSettings: held),
    .target(
      name: "Toolbox",
      dependencies: [
        "Base", "Catalog", "CBuild", "CMimalloc", "Markup", "Processes", "Requests",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      resources: [.embedInCode("vocabulary.xsl")], swiftSettings: held),
    .target(
      name: "Sealing",
      dependencies: ["Base", "CSealing", "Markup", "Requests", "Toolbox", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: held),
    .target(
      name: "Transfer",
      dependencies: [
        "Base", "Catalog", "CTransfer", "Markup", "Requests", "Sealing", "Toolbox",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: held),
    .executableTarget(
      name: "fuzz",
      dependencies: ["Base", "CLibxml", "CTransfer", "Catalog", "Markup", "Requests", "Sealing", "Toolbox", "Transfer"], path: "Targets",
      swiftSettings: held + [.unsafeFlags(["-parse-as-library"])], linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
  ]
)
