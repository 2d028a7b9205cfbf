import Base
import Requests

/// Addresses that are added in the same way.
struct Addition {
  let method: TrackingMethod
  let modules: Modules
  var addresses: AddressSet

  /// The requests that add them, each with its ranges, in the fewest bodies of this length.
  func forEachRequest(_ limit: Int, _ body: (Request, ArraySlice<ClosedRange<UInt32>>) throws(Complaint) -> Void) throws(Complaint) {
    let ranges = addresses.ranges
    let head = request("").query.count
    var value: [UInt8] = []
    var first = 0
    for (index, range) in ranges.enumerated() {
      let end = value.count
      if index > first { value.append(",") }
      range.appendShortest(to: &value)
      if head + value.count > limit, index > first {
        try body(request(String(decoding: value[..<end], as: UTF8.self)), ranges[first..<index])
        value.removeAll(keepingCapacity: true)
        first = index
        range.appendShortest(to: &value)
      }
    }
    if first < ranges.count { try body(request(String(decoding: value, as: UTF8.self)), ranges[first...]) }
  }

  private func request(_ ips: String) -> Request {
    var request = Request(path: "/api/2.0/fo/asset/ip/")
    request.parameters = [
      Request.Parameter(name: "action", value: "add"), Request.Parameter(name: "enable_vm", value: modules.vm ? "1" : "0"),
      Request.Parameter(name: "enable_pc", value: modules.pc ? "1" : "0"),
    ]
    if modules.certView { request.parameters.append(Request.Parameter(name: "enable_certview", value: "1")) }
    request.parameters += [Request.Parameter(name: "tracking_method", value: method.rawValue), Request.Parameter(name: "ips", value: ips)]
    return request
  }
}
