/// The start of training at a lower learning rate, for very deep networks.
///
/// - SeeAlso: He et al. 2015, section 4.2, on the 110-layer network.
public struct WarmUp: Hashable, Sendable {
  /// The learning rate until then.
  public var learningRate = 0.01
  /// It ends when the training error of the latest batches has come below this share.
  public var error = 0.8
  /// It ends after so many steps in any case.
  public var steps = 400

  /// The paper's: 0.01 until the training error is below 80 %, "about 400 iterations".
  public init() {}

  /// Whether the next step is still one of the warm-up.
  ///
  /// - Parameters:
  ///   - step: the steps taken so far.
  ///   - recentError: the training error of the latest batches, a share.
  public func goesOn(step: Int, recentError: Double) -> Bool {
    step < steps && recentError >= error
  }
}
