import Base
import Catalog
import Requests

/// What becomes of one request of a journal.
struct Step {
  enum Fate {
    /// What it has created is deleted by a request.
    case deletion(Request)
    /// Only a person can take it back, and why.
    case byHand(String)
    /// It goes with what another request has created.
    case withIt
    /// Nobody knows whether there is anything to take back.
    case unknown(String)
    /// It is deleted already, by the word of a journal, or by a request of this list.
    case gone
    /// There is nothing to take back.
    case nothing(String)
  }

  /// The record of the source.
  let subject: Subject
  /// Its ids in the target.
  let ids: String
  var fate: Fate
  /// When it is taken back: by its kind, and by its place in the journals.
  let place: Int
  let number: Int

  var request: Request? { if case .deletion(let request) = fate { request } else { nil } }

  /// `policy "Base line" (70010001), 8100001 in the target`
  private var label: String {
    var short = subject
    // A request for addresses is called by all of them.
    if subject.name.count > 80 { short.name = subject.name.prefix(80) + "…" }
    return short.description + (ids.isEmpty ? "" : ", \(ids) in the target")
  }

  /// What the list says of it; nil if there is nothing to read.
  var comment: String? {
    switch fate {
    case .deletion: label
    case .byHand(let reason): "by hand: \(label): \(reason)"
    case .unknown(let reason): "unknown: \(label): \(reason)"
    case .withIt, .gone, .nothing: nil
    }
  }

  /// The word of a report, and why.
  private var words: (word: String, reason: String) {
    switch fate {
    case .deletion(let request): ("delete", request.call)
    case .byHand(let reason): ("by hand", reason)
    case .withIt: ("with it", "it goes with what was created")
    case .unknown(let reason): ("unknown", reason)
    case .gone: ("gone", "it is deleted already, or by another request of this list")
    case .nothing(let reason): ("nothing", reason)
    }
  }

  /// A row of the report.
  var row: ReportRow { ReportRow(subject, element: ids, words.word, words.reason) }

  /// How the closing line counts it.
  var count: WritableKeyPath<Plan.Counts, Int> {
    switch fate {
    case .deletion: \.deletions
    case .byHand: \.byHand
    case .withIt: \.withIt
    case .unknown: \.unknown
    case .gone: \.gone
    case .nothing: \.nothing
    }
  }
}
