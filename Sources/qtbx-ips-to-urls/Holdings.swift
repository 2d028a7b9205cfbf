import ArgumentParser
import Requests

/// How the service knows a host again.
enum TrackingMethod: String, ExpressibleByArgument, CaseIterable { case ip = "IP", dns = "DNS", netbios = "NETBIOS" }

/// The modules to which an address belongs.
struct Modules: ExpressibleByArgument, Hashable {
  var vm = false
  var pc = false
  var certView = false

  init(vm: Bool, pc: Bool, certView: Bool) { (self.vm, self.pc, self.certView) = (vm, pc, certView) }

  /// `vm,pc`. No call adds an address to CertView alone.
  init?(argument: String) {
    let names = argument.lowercased().split(separator: ",", omittingEmptySubsequences: false)
    guard Set(names).count == names.count, names.allSatisfy({ ["vm", "pc", "certview"].contains($0) }) else { return nil }
    self.init(vm: names.contains("vm"), pc: names.contains("pc"), certView: names.contains("certview"))
    if !vm, !pc { return nil }
  }

  var description: String { [vm ? "VM" : "", pc ? "PC" : "", certView ? "CertView" : ""].filter { !$0.isEmpty }.joined(separator: ",") }
}

/// The addresses of all lists, and what is known of them: sets, so that an address counts once, in however many lists it is.
struct Holdings {
  /// Some addresses, and what keeps them from being added.
  typealias Doubt = (addresses: AddressSet, reason: String)

  private struct Membership {
    var inside = AddressSet()
    var outside = AddressSet()

    mutating func add(_ addresses: AddressSet, _ isInside: Bool?) {
      if isInside == true { inside = inside.union(addresses) }
      if isInside == false { outside = outside.union(addresses) }
    }

    var contradiction: AddressSet { inside.intersection(outside) }
    func open(in all: AddressSet) -> AddressSet { all.subtracting(inside).subtracting(outside) }
  }

  private(set) var all = AddressSet()
  private var tracked: [TrackingMethod: AddressSet] = [:]
  private var pc = Membership()
  private var certView = Membership()
  /// What cannot be added, since nobody knows as what.
  private(set) var doubts: [Doubt] = []
  /// What a person should know: how many addresses, and what of them.
  private(set) var remarks: [(count: Int, words: String)] = []

  mutating func add(_ addresses: AddressSet, _ filter: ListQuestion) {
    all = all.union(addresses)
    if let method = filter.trackingMethod { tracked[method, default: AddressSet()] = tracked[method, default: AddressSet()].union(addresses) }
    pc.add(addresses, filter.isInPC)
    certView.add(addresses, filter.isInCertView)
  }

  /// The calls that add all of them but what is in doubt: one for each tracking method and modules. What the lists leave open is said by the caller.
  mutating func settled(_ method: TrackingMethod?, _ modules: Modules?) -> [Addition] {
    settleTracking(method)
    settleModules(modules)
    let doubtful = doubts.reduce(AddressSet()) { $0.union($1.addresses) }
    // Not in PC, an address is in VM: it could not be there otherwise.
    let vm = modules?.vm == false ? all.subtracting(pc.inside) : all
    var additions: [Addition] = []
    for method in TrackingMethod.allCases {
      let mine = (tracked[method] ?? AddressSet()).subtracting(doubtful)
      let (inVM, inPC) = (mine.intersection(vm), mine.intersection(pc.inside))
      let parts = [(true, false, inVM.subtracting(inPC)), (true, true, inVM.intersection(inPC)), (false, true, inPC.subtracting(inVM))]
      for (isVM, isPC, part) in parts {
        let halves = [(false, part.subtracting(certView.inside)), (true, part.intersection(certView.inside))]
        for (isCertView, addresses) in halves where !addresses.isEmpty {
          additions.append(Addition(method: method, modules: Modules(vm: isVM, pc: isPC, certView: isCertView), addresses: addresses))
        }
      }
    }
    return additions
  }

  private mutating func settleTracking(_ method: TrackingMethod?) {
    var known = AddressSet()
    for one in TrackingMethod.allCases {
      let mine = tracked[one] ?? AddressSet()
      for other in TrackingMethod.allCases.prefix(while: { $0 != one }) {
        doubt(mine.intersection(tracked[other] ?? AddressSet()), "one list has it tracked by \(other.rawValue), another one by \(one.rawValue)")
      }
      known = known.union(mine)
    }
    let open = all.subtracting(known)
    if let method {
      tracked[method] = (tracked[method] ?? AddressSet()).union(open)
    } else {
      doubt(open, "no list says how it is tracked: fetch one for each tracking_method, or say --tracking-method")
    }
  }

  private mutating func settleModules(_ modules: Modules?) {
    doubt(pc.contradiction, "one list has it in PC, and another one not")
    doubt(certView.contradiction, "one list has it in CertView, and another one not")
    let open = pc.open(in: all)
    if let modules {
      pc.add(open, modules.pc)
    } else {
      doubt(open, "no list says whether it is in PC: fetch one with compliance_enabled=0 and one with 1, or say --modules")
      remark(
        pc.inside.subtracting(open),
        "in PC, and no list says whether in VM, too: added to both, or VM would be lost; --modules pc adds to PC only")
      remark(certView.inside.subtracting(pc.inside), "in CertView and not in PC: added to VM as well, since no call adds to CertView alone")
    }
    let unsaid = certView.open(in: all)
    if let modules {
      certView.add(unsaid, modules.certView)
    } else {
      remark(unsaid, "in no list that says whether they are in CertView: not added there")
    }
    remark(certView.inside, "added to CertView: the vendor advises to add them in that application instead")
  }

  private mutating func doubt(_ addresses: AddressSet, _ reason: String) {
    if !addresses.isEmpty { doubts.append((addresses, reason)) }
  }

  private mutating func remark(_ addresses: AddressSet, _ words: String) {
    if !addresses.isEmpty { remarks.append((addresses.count, words)) }
  }
}
