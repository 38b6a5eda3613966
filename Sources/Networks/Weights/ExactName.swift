/// A name that equals another only if both are the same, character by character as they are stored.
///
/// Swift's `String` takes "é" and "e" with an accent that follows it for equal, and K for the kelvin sign.
/// To a file they are two names.
///
///     file.entries["conv1.weight"]
public struct ExactName: Hashable, Comparable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// What it says.
  public let text: String

  /// The name that a text is.
  public init(_ text: String) { self.text = text }

  /// The name that a text is.
  public init(stringLiteral text: String) { self.text = text }

  /// What it says.
  public var description: String { text }

  /// Whether both are stored as the same bytes.
  public static func == (one: ExactName, other: ExactName) -> Bool {
    // Most differ in Swift's eyes too, which sees that at a glance.
    one.text == other.text && one.text.utf8.elementsEqual(other.text.utf8)
  }

  /// The order of the bytes.
  public static func < (one: ExactName, other: ExactName) -> Bool {
    one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
  }

  /// Takes in the text: names of the same bytes are equal to Swift too.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Dictionary where Key == ExactName {
  /// What stands under a name.
  public subscript(name: String) -> Value? {
    get { self[ExactName(name)] }
    set { self[ExactName(name)] = newValue }
  }
}
