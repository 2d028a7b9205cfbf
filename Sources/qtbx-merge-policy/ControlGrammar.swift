import Base
import Markup
import Requests

/// What is known of controls and technologies: whatever else stands in one is named.
final class ControlGrammar {
  private let grammar: RecordGrammar
  private var memory = RecordGrammar.Memory()

  /// Errors: `fault` if the built-in grammar is none.
  init() throws(Complaint) { grammar = try RecordGrammar(parsing: PackageResources.policy_control_grammar, named: "the built-in grammar") }

  /// What there is to say about one that is carried from here on.
  func notes(of outline: borrowing Outline, _ subject: @autoclosure () -> Subject) -> [Note] {
    grammar.check(outline, of: subject(), isCopied: true, in: &memory)
  }

  /// What there is to say about one that stays where it is. Only its ID is read, so only that must be one.
  func notes(ofUntouched outline: borrowing Outline, _ subject: @autoclosure () -> Subject) -> [Note] {
    notes(of: outline, subject()).filter { $0.disposition != .refused || $0.element == "ID" }
  }
}
