import ArgumentParser
import Base
import Dispatch
import Glibc
import SimHTTP
import Synchronization
import Toolbox

/// Rehearses the service on this machine: loads export files, lists them, takes what is created, and fails when it is told to.
@main
struct Sim: Program {
  static let configuration = CommandConfiguration(commandName: "qtbx-sim", abstract: "Rehearse the service on this machine.", version: version)
  static var repeatable: Set<String> { ["--fault"] }

  @Option(help: .init("The port to listen on; 0 takes any that is free.", valueName: "port"))
  var port: UInt16 = 8080

  @Option(help: .init("The address to listen on.", valueName: "address"))
  var listen = "127.0.0.1"

  @Flag(help: "Let others than this machine connect, without encryption.")
  var exposeToNetwork = false

  @Option(
    parsing: .upToNextOption, help: .init("Export files, and folders of them; KIND=FILE says what one is.", valueName: "file"), completion: .file())
  var load: [String] = []

  @Option(help: .init("Write what there is as export files on exit.", valueName: "folder"), completion: .directory)
  var save: String?

  @Option(help: .init("Who may ask.", valueName: "name"))
  var user = "rehearsal"

  @Option(help: .init("Read the password from a descriptor (default: any is taken).", valueName: "n"))
  var passwordFd: Int32?

  @Option(help: .init("The most records of a page.", valueName: "n"))
  var pageSize: Int?

  @Option(help: .init("How many addresses are licensed for each module (default: any number).", valueName: "n"))
  var licensedAddresses: Int?

  @Option(help: .init("How many calls of an address are allowed in an hour.", valueName: "n"))
  var rateLimit = 100_000

  @Option(help: .init("How many calls of an address are allowed at once.", valueName: "n"))
  var concurrencyLimit = 10

  @Option(help: .init("The id of the first object that is created.", valueName: "n"))
  var firstID = 9_000_001

  @Option(help: .init("What goes wrong: 'POST /path: 409 1965 wait=2, lost, ok'.", valueName: "fault"))
  var fault: [String] = []

  @Option(help: .init("Append each request to a file, as a line of JSON.", valueName: "file"), completion: .file())
  var logRequests: String?

  @Option(help: .init("Stop after a time.", valueName: "seconds"))
  var exitAfterSeconds: Int?

  func validate() throws {
    if let pageSize, pageSize < 1 { throw ValidationError("--page-size takes a number from 1 on") }
    if let licensedAddresses, licensedAddresses < 0 { throw ValidationError("--licensed-addresses takes a number from 0 on") }
    if rateLimit < 1 || concurrencyLimit < 1 { throw ValidationError("a limit is a number from 1 on") }
    if !(1...Check.largestID).contains(firstID) { throw ValidationError("--first-id takes a number from 1 on, of at most 18 digits") }
    if let exitAfterSeconds, !(0...1_000_000).contains(exitAfterSeconds) { throw ValidationError("--exit-after-seconds takes a number of seconds") }
  }

  func run() throws {
    try checkAddress()
    let faults = try fault.map { text throws(Complaint) in try FaultPlan(text) }
    var rules = Service.Rules(user: user, rate: rateLimit, concurrency: concurrencyLimit)
    if user.isEmpty || user.contains(":") { throw Complaint(.usage, "--user takes a name without a colon") }
    if let passwordFd { rules.password = try Self.password(passwordFd) }
    var subscription = Subscription()
    subscription.pageSize = pageSize
    subscription.licensedAddresses = licensedAddresses
    subscription.firstID = firstID
    try ExportFiles.load(try ExportFiles.files(of: load), into: &subscription)
    let log = try logRequests.map { path throws(Complaint) in try RequestLog(path) }
    let service = Service(subscription, rules: rules, faults: faults, log: log)
    // Before any thread is started, so that all of them leave the signals to this one.
    var signals = sigset_t()
    sigemptyset(&signals)
    // What is held back comes although it is ignored: nohup.
    for number in Signals.endings where !Signals.isIgnored(number) { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
    try serve(service, until: &signals)
    if let save { try ExportFiles.save(Self.wait { await service.state }, in: save) }
  }

  /// Serves until a signal comes or the time is over.
  private func serve(_ service: Service, until signals: inout sigset_t) throws(Complaint) {
    let place = (listen.contains(":") ? "[\(listen)]" : listen) + ":"
    let door: HTTPServer
    do throws(HTTPServer.Failure) {
      door = try HTTPServer(address: listen, port: port) { request in try await service.reply(to: request) }
    } catch {
      throw Complaint(.usage, "--listen takes an IP address, not \(listen)")
    }
    let taken: UInt16
    do throws(HTTPServer.Failure) { taken = try door.open() } catch {
      guard case .listening(let reason) = error else { throw Complaint(.usage, "--listen takes an IP address, not \(listen)") }
      throw Complaint(.local, "cannot listen on \(place)\(port): \(reason)")
    }
    try Descriptor.write(Array("listening on http://\(place)\(taken)\n".utf8), to: STDOUT_FILENO)
    if let exitAfterSeconds {
      var rest = timespec(tv_sec: exitAfterSeconds, tv_nsec: 0)
      while sigtimedwait(&signals, nil, &rest) < 0, errno == EINTR {}
    } else {
      var number: Int32 = 0
      sigwait(&signals, &number)
    }
    door.close()
  }

  /// Waits on this thread for what is done on others.
  @discardableResult
  private static func wait<Answer: Sendable>(_ body: @escaping @Sendable () async -> Answer) -> Answer {
    let answer = Box<Answer>()
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await answer.put(body())
      done.signal()
    }
    while true {
      done.wait()
      if let answer = answer.get() { return answer }
    }
  }

  private final class Box<Answer: Sendable>: Sendable {
    private let held = Mutex<Answer?>(nil)
    func put(_ answer: Answer) { held.withLock { $0 = answer } }
    func get() -> Answer? { held.withLock { $0 } }
  }

  /// Errors: `usage` if others than this machine could connect and nobody has asked for that.
  private func checkAddress() throws(Complaint) {
    if listen.hasPrefix("127.") || listen == "::1" { return }
    guard listen.contains(":") || listen.allSatisfy({ $0.isNumber || $0 == "." }) else {
      throw Complaint(.usage, "--listen takes an IP address, not \(listen)")
    }
    if !exposeToNetwork {
      throw Complaint(.usage, "\(listen) is reached from other machines: the rehearsal stays on 127.0.0.1, or say --expose-to-network, too")
    }
    Terminal.say("qtbx-sim: warning: others can connect to \(listen.shown), and nothing is encrypted")
  }

  /// The first line of a descriptor.
  private static func password(_ descriptor: Int32) throws(Complaint) -> [UInt8] {
    var bytes: [UInt8] = []
    while !bytes.contains("\n"), bytes.count < 4096 {
      if try Descriptor.read(descriptor, 1, into: &bytes) == 0 { break }
    }
    if bytes.last == "\n" { bytes.removeLast() }
    if bytes.isEmpty { throw Complaint(.usage, "the password is empty") }
    return bytes
  }
}
