package import Base
internal import Glibc

/// Threads that work on jobs side by side and hand back the answers in the order of the jobs.
///
/// Each thread makes itself a worker, so that nothing that belongs to a worker is ever shared. At most a few jobs more than there are
/// threads are under way, so memory stays bounded. With one thread, the caller's own does the work, unless that one is to be apart.
package final class OrderedWorkerPool<Job: Sendable, Answer: Sendable>: @unchecked Sendable {
  /// What a thread does with a job. Errors: whatever is wrong with the job; the caller gets it in its turn.
  private typealias Worker = (Job) throws(Complaint) -> Answer

  private let size: Int
  private let isApart: Bool
  private let makeWorker: @Sendable () throws(Complaint) -> Worker
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var threads: [pthread_t] = []
  private var waiting: [(number: Int, job: Job)] = []
  private var answers: [Int: Result<Answer, Complaint>] = [:]
  private var submitted = 0
  private var collected = 0
  private var isOver = false
  private var own: Worker?

  /// - Parameter isApart: a single thread is another than the caller's, which has something else to do.
  package init(size: Int, isApart: Bool = false, makeWorker: @escaping @Sendable () throws(Complaint) -> (Job) throws(Complaint) -> Answer) {
    self.size = size
    self.isApart = isApart
    self.makeWorker = makeWorker
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(changed)
    mutex.deallocate()
    changed.deallocate()
  }

  /// Gives the workers a job. Hands on every answer that is ready in order, and waits for one if too many jobs are under way.
  package func submit(_ job: Job, _ take: (Answer) throws(Complaint) -> Void) throws(Complaint) {
    if size == 1, !isApart {
      if own == nil { own = try makeWorker() }
      if let own { try take(own(job)) }
      return
    }
    locked {
      waiting.append((submitted, job))
      submitted += 1
      pthread_cond_broadcast(changed)
    }
    if threads.count < size { try start() }
    while submitted - collected > size + 2 { try take(collect()) }
    while let answer = ready() {
      let value = try answer.get()
      try take(value)
    }
  }

  /// Hands on the answers of all jobs that have been given.
  package func drain(_ take: (Answer) throws(Complaint) -> Void) throws(Complaint) {
    while collected < submitted { try take(collect()) }
  }

  /// Ends the threads; jobs that wait are forgotten.
  package func shutDown() {
    locked {
      isOver = true
      waiting = []
      pthread_cond_broadcast(changed)
    }
    for thread in threads { pthread_join(thread, nil) }
    threads = []
    own = nil
  }

  private func start() throws(Complaint) {
    // What the thread holds keeps the pool alive until it ends, and `shutDown` waits for that.
    let body = Unmanaged.passRetained(ThreadBody { self.work() })
    var thread = pthread_t()
    let failure = pthread_create(&thread, nil, runThread, body.toOpaque())
    guard failure == 0 else {
      body.release()
      if threads.isEmpty { throw Complaint(.local, "cannot start a thread: " + Descriptor.reason(failure)) }
      return
    }
    threads.append(thread)
  }

  private func work() {
    var worker: Worker?
    while work(with: &worker) {}
  }

  /// Does the next job, and gives its answer away: a thread that is made to wait then would keep a batch and its answer that nobody counts. False
  /// when there is none and will be none.
  private func work(with worker: inout Worker?) -> Bool {
    var next = nextJob()
    guard let number = next?.number else { return false }
    var answer: Result<Answer, Complaint>? = Self.answer(to: &next, worker: &worker, makeWorker)
    locked {
      answers[number] = answer.take()
      pthread_cond_broadcast(changed)
    }
    return true
  }

  /// The answer to a job, which is gone when this returns.
  private static func answer(
    to next: inout (number: Int, job: Job)?, worker: inout Worker?, _ makeWorker: () throws(Complaint) -> Worker
  ) -> Result<Answer, Complaint>? {
    guard let job = next.take()?.job else { return nil }
    do throws(Complaint) {
      if worker == nil { worker = try makeWorker() }
      guard let worker else { return nil }
      return .success(try worker(job))
    } catch {
      return .failure(error)
    }
  }

  private func nextJob() -> (number: Int, job: Job)? {
    locked {
      while waiting.isEmpty, !isOver { pthread_cond_wait(changed, mutex) }
      return waiting.isEmpty ? nil : waiting.removeFirst()
    }
  }

  private func ready() -> Result<Answer, Complaint>? {
    locked {
      guard let answer = answers.removeValue(forKey: collected) else { return nil }
      collected += 1
      return answer
    }
  }

  private func collect() throws(Complaint) -> Answer {
    let answer = locked {
      while answers[collected] == nil { pthread_cond_wait(changed, mutex) }
      let answer = answers.removeValue(forKey: collected)
      collected += 1
      return answer
    }
    guard let answer else { throw Complaint(.fault, "an answer is missing") }
    return try answer.get()
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}

/// What a thread does, in a box that C can carry.
private final class ThreadBody {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runThread(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let body { Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run() }
  return nil
}
