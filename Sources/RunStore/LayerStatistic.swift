/// One number measured at one layer of a network, such as the norm of a gradient or the spread of a response.
public struct LayerStatistic: Hashable, Sendable {
  /// The number of optimiser steps taken before it was measured.
  public let step: Int
  /// The layer's position, from 0 at the input.
  public let layer: Int
  /// The layer's name, for instance `stage2.block1.conv1`.
  public let layerName: String
  /// What was measured, for instance `gradient norm`.
  public let statistic: String
  /// The number; NaN and infinities are kept.
  public let value: Double

  /// A number measured at a layer.
  ///
  /// - Precondition: the step and the layer are not negative, the names are not empty.
  public init(step: Int, layer: Int, layerName: String, statistic: String, value: Double) {
    precondition(step >= 0 && layer >= 0, "step \(step) and layer \(layer) must be ≥ 0")
    precondition(!layerName.isEmpty && !statistic.isEmpty, "a layer and its statistic need names")
    self.step = step
    self.layer = layer
    self.layerName = layerName
    self.statistic = statistic
    self.value = value
  }
}
