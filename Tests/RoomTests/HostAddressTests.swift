import Requests
import Support
import SystemPackage
import Testing

/// The requests that lists of host addresses come to, against a model that knows each address by itself.
@Suite struct HostAddressTests {
  /// What an address of the source is.
  private struct Truth {
    var method: String
    var isInPC: Bool
    var isInCertView: Bool
  }

  /// What a list was asked for, nil for what it was not.
  private struct Question {
    var method: String?
    var isInPC: Bool?
    var isInCertView: Bool?

    func takes(_ truth: Truth) -> Bool {
      (method ?? truth.method) == truth.method && (isInPC ?? truth.isInPC) == truth.isInPC
        && (isInCertView ?? truth.isInCertView) == truth.isInCertView
    }

    var parameters: [(String, String)] {
      [("action", "list"), ("echo_request", "1")] + (method.map { [("tracking_method", $0)] } ?? [])
        + (isInPC.map { [("compliance_enabled", $0 ? "1" : "0")] } ?? []) + (isInCertView.map { [("certview_enabled", $0 ? "1" : "0")] } ?? [])
    }
  }

  private static let start: UInt32 = 0xC000_0200
  private static let size: UInt32 = 48

  /// A list of some addresses, in ranges that may overlap, in any order.
  private func list(_ addresses: Set<UInt32>, _ question: Question, _ random: inout Seeded) -> String {
    var ranges = AddressSet(addresses.map { $0...$0 }).ranges
    for range in ranges where random.chance(40) {
      let first = range.lowerBound + UInt32(random.below(range.count))
      ranges.append(first...min(range.upperBound, first + UInt32(random.below(9))))
    }
    let entries = ranges.shuffled(using: &random).map { $0.count == 1 ? "<IP>\($0.addresses)</IP>" : "<IP_RANGE>\($0.addresses)</IP_RANGE>" }
    let request = question.parameters.map { "<PARAM><KEY>\($0.0)</KEY><VALUE>\($0.1)</VALUE></PARAM>" }.joined()
    return "<IP_LIST_OUTPUT><REQUEST><DATETIME/><PARAM_LIST>\(request)</PARAM_LIST></REQUEST><RESPONSE><DATETIME/>"
      + (entries.isEmpty ? "" : "<IP_SET>\(entries.joined(separator: "\n"))</IP_SET>") + "</RESPONSE></IP_LIST_OUTPUT>\n"
  }

  @Test(arguments: 0..<60) func theRequestsAreThoseOfTheModel(_ round: Int) async throws {
    var random = Seeded(UInt64(round) + 1)
    let all = Self.start..<Self.start + Self.size
    var truths: [UInt32: Truth] = [:]
    for address in all {
      // Neighbours are alike.
      if let before = truths[address &- 1], random.chance(70) {
        truths[address] = before
      } else {
        truths[address] = Truth(method: random.pick(["IP", "DNS", "NETBIOS"]), isInPC: random.chance(50), isInCertView: random.chance(30))
      }
    }
    var questions: [Question] = []
    var lists: [Set<UInt32>] = []
    for _ in 0...random.below(5) {
      let question = Question(
        method: random.chance(60) ? random.pick(["IP", "DNS", "NETBIOS"]) : nil, isInPC: random.chance(60) ? random.chance(50) : nil,
        isInCertView: random.chance(40) ? random.chance(50) : nil)
      questions.append(question)
      lists.append(Set(all.filter { address in truths[address].map(question.takes) == true && random.chance(85) }))
    }
    let method = random.chance(40) ? random.pick(["IP", "DNS", "NETBIOS"]) : nil
    let modules = random.chance(50) ? random.pick([["vm"], ["pc"], ["vm", "pc"], ["vm", "certview"], ["pc", "certview"]]) : nil
    let present = random.chance(40) ? Set(all.filter { _ in random.chance(30) }) : []

    var wanted: [String: Set<UInt32>] = [:]
    var doubtful: Set<UInt32> = []
    for address in all {
      let known = zip(questions, lists).filter { $0.1.contains(address) }.map(\.0)
      if known.isEmpty { continue }
      guard let itsMethod = known.compactMap(\.method).first ?? method, let isInPC = known.compactMap(\.isInPC).first ?? modules?.contains("pc")
      else {
        doubtful.insert(address)
        continue
      }
      let isInCertView = known.compactMap(\.isInCertView).first ?? modules?.contains("certview") ?? false
      let isInVM = !isInPC || modules?.contains("vm") ?? true
      let how =
        "action=add&enable_vm=\(isInVM ? 1 : 0)&enable_pc=\(isInPC ? 1 : 0)" + (isInCertView ? "&enable_certview=1" : "")
        + "&tracking_method=\(itsMethod)"
      if !present.contains(address) { wanted[how, default: []].insert(address) }
    }

    try await Files.withScratch { folder in
      var arguments = ["--refused", "skip"] + (method.map { ["--tracking-method", $0] } ?? [])
      if let modules { arguments += ["--modules", modules.joined(separator: ",")] }
      if !present.isEmpty {
        try Files.write(Array(list(present, Question(), &random).utf8), to: folder.appending("there.xml"))
        arguments += ["--target", "there.xml"]
      }
      for (index, addresses) in lists.enumerated() {
        try Files.write(Array(list(addresses, questions[index], &random).utf8), to: folder.appending("\(index).xml"))
        arguments.append("\(index).xml")
      }
      let outcome = try await run(Place.program("qtbx-ips-to-urls"), arguments, in: folder)
      #expect(outcome.status == 0, "\(round): \(outcome.errorText)")
      var found: [String: Set<UInt32>] = [:]
      for line in outcome.outputText.split(separator: "\n") where !line.hasPrefix("#") {
        let query = String(line.drop { $0 != "?" }.dropFirst())
        let parts = query.split(separator: "&ips=")
        try #require(parts.count == 2, "\(line)")
        let how = String(parts[0])
        #expect(found[how] == nil, "\(round): two requests where one would do: \(how)")
        let ranges = try parts[1].split(separator: ",").map { try #require(ClosedRange<UInt32>(addresses: Array($0.utf8)[...]), "\($0)") }
        found[how] = ranges.reduce(into: []) { $0.formUnion($1) }
        #expect(AddressSet(ranges).ranges.count == ranges.count && AddressSet(ranges).ranges == ranges, "\(round): ranges that are not the fewest")
      }
      #expect(found == wanted, "\(round): \(arguments)")
      let sum = wanted.values.reduce(0) { $0 + $1.count }
      #expect(outcome.errorText.contains(": \(sum) written, "), "\(round): \(outcome.errorText)")
      // Without --refused skip, what nobody knows fails the run.
      let strict = try await run(Place.program("qtbx-ips-to-urls"), Array(arguments.dropFirst(2)), in: folder)
      #expect((strict.status == 1) == !doubtful.isEmpty && strict.output.isEmpty == !doubtful.isEmpty, "\(round): \(strict.errorText)")
    }
  }
}
