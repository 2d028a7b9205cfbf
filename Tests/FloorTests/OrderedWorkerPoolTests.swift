import Base
import Glibc
import Synchronization
import Testing
import Toolbox

/// Threads that work side by side, and answers in the order of the jobs.
@Suite struct OrderedWorkerPoolTests {
  /// Counts how many are alive, and how many there have been at most.
  final class Census: Sendable {
    private let state = Mutex((alive: 0, most: 0))
    var alive: Int { state.withLock { $0.alive } }
    var most: Int { state.withLock { $0.most } }
    func enter() {
      state.withLock {
        $0.alive += 1
        $0.most = max($0.most, $0.alive)
      }
    }
    func leave() { state.withLock { $0.alive -= 1 } }
  }

  /// Is alive as long as somebody holds it.
  final class Counted: Sendable {
    let number: Int
    private let census: Census
    init(_ number: Int, _ census: Census) {
      self.number = number
      self.census = census
      census.enter()
    }
    deinit { census.leave() }
  }

  struct Shape: CustomTestStringConvertible, Sendable {
    var size: Int
    var isApart = false
    var testDescription: String { "\(size)\(isApart ? " apart" : "")" }
  }

  static let shapes = [Shape(size: 1), Shape(size: 1, isApart: true), Shape(size: 2), Shape(size: 5)]

  /// The later jobs of every few are done first.
  private static func dawdle(_ number: Int) { usleep(UInt32((7 - number % 8) * 300)) }

  @Test(arguments: shapes) func answersComeInTheOrderOfTheJobs(_ shape: Shape) throws {
    let pool = OrderedWorkerPool<Int, Int>(size: shape.size, isApart: shape.isApart) {
      { job in
        Self.dawdle(job)
        return job * 3
      }
    }
    var answers: [Int] = []
    for job in 0..<100 { try pool.submit(job) { answers.append($0) } }
    try pool.drain { answers.append($0) }
    pool.shutDown()
    #expect(answers == (0..<100).map { $0 * 3 })
  }

  /// Nothing of a worker is shared: each thread has one of its own, and makes no second one.
  @Test(arguments: shapes) func everyThreadMakesItselfAWorker(_ shape: Shape) throws {
    let census = Census()
    let pool = OrderedWorkerPool<Int, UInt>(size: shape.size, isApart: shape.isApart) {
      let worker = Counted(0, census)
      return { job in
        Self.dawdle(job + worker.number)
        return UInt(bitPattern: ObjectIdentifier(worker).hashValue)
      }
    }
    var workers: Set<UInt> = []
    for job in 0..<60 { try pool.submit(job) { workers.insert($0) } }
    try pool.drain { workers.insert($0) }
    #expect(census.most <= shape.size)
    #expect(workers.count == census.most)
    pool.shutDown()
    #expect(census.alive == 0, "a worker outlives its thread")
  }

  /// The job that fails is named in its turn: what stands before it has been taken, what stands behind it has not.
  @Test(arguments: shapes, [0, 1, 49]) func anErrorComesInItsTurn(_ shape: Shape, wrong: Int) {
    let pool = OrderedWorkerPool<Int, Int>(size: shape.size, isApart: shape.isApart) {
      { job throws(Complaint) in
        Self.dawdle(job)
        if job >= wrong { throw Complaint(.refused, "job \(job)") }
        return job
      }
    }
    var answers: [Int] = []
    var reason = ""
    do throws(Complaint) {
      for job in 0..<50 { try pool.submit(job) { answers.append($0) } }
      try pool.drain { answers.append($0) }
    } catch {
      reason = error.reason
    }
    pool.shutDown()
    #expect(reason == "job \(wrong)")
    #expect(answers == Array(0..<wrong))
  }

  @Test(arguments: shapes) func aWorkerThatCannotBeMadeIsAnError(_ shape: Shape) {
    let pool = OrderedWorkerPool<Int, Int>(size: shape.size, isApart: shape.isApart) { () throws(Complaint) in throw Complaint(.local, "no worker") }
    #expect(throws: Complaint.self) {
      try pool.submit(1) { _ in }
      try pool.drain { _ in }
    }
    pool.shutDown()
  }

  /// Whoever takes an answer may fail, too: then the threads end all the same, and nobody keeps a job.
  @Test(arguments: shapes) func aTakerMayFail(_ shape: Shape) {
    let census = Census()
    let pool = OrderedWorkerPool<Counted, Int>(size: shape.size, isApart: shape.isApart) {
      { job in
        Self.dawdle(job.number)
        return job.number
      }
    }
    var taken: [Int] = []
    var reason = ""
    func take(_ answer: Int) throws(Complaint) {
      if answer == 20 { throw Complaint(.local, "full") }
      taken.append(answer)
    }
    do throws(Complaint) {
      for number in 0..<100 { try pool.submit(Counted(number, census), take) }
      try pool.drain(take)
    } catch {
      reason = error.reason
    }
    pool.shutDown()
    #expect(reason == "full")
    #expect(taken == Array(0..<20))
    #expect(census.alive == 0, "jobs are left behind")
  }

  /// However many jobs there are, and however slowly they are done, a few are under way.
  @Test(arguments: shapes) func fewJobsAreUnderWay(_ shape: Shape) throws {
    let census = Census()
    let pool = OrderedWorkerPool<Counted, Counted>(size: shape.size, isApart: shape.isApart) {
      { job in
        Self.dawdle(job.number)
        return job
      }
    }
    var count = 0
    for number in 0..<200 { try pool.submit(Counted(number, census)) { _ in count += 1 } }
    try pool.drain { _ in count += 1 }
    #expect(count == 200)
    // Those that wait, one for each thread, and the one that is being given.
    #expect(census.most <= shape.size + 4, "\(census.most)")
    pool.shutDown()
    #expect(census.alive == 0)
  }

  /// One that was given nothing to do, or is dismissed twice.
  @Test(arguments: shapes) func nothingIsLostWithoutJobs(_ shape: Shape) throws {
    let pool = OrderedWorkerPool<Int, Int>(size: shape.size, isApart: shape.isApart) { { $0 } }
    var answers: [Int] = []
    try pool.drain { answers.append($0) }
    pool.shutDown()
    pool.shutDown()
    #expect(answers == [])
  }
}
