/// A tensor that training changes: a filter, a weight, a scale or a shift.
///
///     let weight = Parameter(Tensor([2, 1], [1, 2]))
///     mean(linear(x, weight.tracked)).backward()
///     weight.gradient
public final class Parameter {
  /// The extents of the value.
  public let shape: [Int]
  /// How the value is drawn by `initialize(using:)`.
  public let initialization: Initialization
  /// The order of the elements in a file of weights.
  public let fileOrder: ElementOrder
  private var stored: Tensor? { didSet { version += 1 } }
  private var isReleased = false

  /// Grows whenever the value may have changed: for who keeps something that was computed from it.
  public private(set) var version = 0

  /// What `backward()` has added up since the gradient was last set to nil. Of the value's shape.
  public var gradient: Tensor?

  /// A parameter with a value.
  public init(_ value: Tensor) {
    shape = value.shape
    initialization = .constant(0)
    fileOrder = .same
    stored = value.detached
  }

  /// A parameter that takes no memory until `initialize(using:)` or an assignment gives it a value.
  public init(
    _ shape: [Int], _ initialization: Initialization, fileOrder: ElementOrder = .same
  ) {
    self.shape = shape
    self.initialization = initialization
    self.fileOrder = fileOrder
  }

  /// The current value.
  ///
  /// - Precondition: the parameter was initialised; a new value has the parameter's shape.
  public var value: Tensor {
    get {
      guard let stored else {
        preconditionFailure(
          isReleased
            ? "A parameter of shape \(shape) was read after its network had let go of it (keepOnlyFolded)."
            : "A parameter of shape \(shape) was read before it was initialised.")
      }
      return stored
    }
    set {
      precondition(newValue.shape == shape, "A value of shape \(newValue.shape) for \(shape).")
      stored = newValue.detached
    }
  }

  /// The value as a tensor through which `backward()` reaches this parameter.
  public var tracked: Tensor {
    Tensor(shape: shape, storage: value.storage, node: Node(self))
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// Draws the value anew.
  public func initialize(using generator: inout RandomGenerator) {
    stored = initialization.tensor(shape, using: &generator)
  }

  /// Changes the value in place, without a copy when nobody else holds it.
  public func update(_ body: (inout Tensor) -> Void) {
    var value = self.value
    stored = nil
    body(&value)
    stored = value
  }

  /// Gives the value's memory back. Whoever keeps something that was computed from it may go on using that; the value
  /// itself can't be read any more, only set.
  public func release() {
    let version = version
    stored = nil
    (self.version, isReleased) = (version, true)
  }

  func accumulate(_ contribution: Tensor) {
    if gradient == nil { gradient = contribution } else { gradient!.add(contribution) }
  }
}
