extension Architecture {
  /// Checks that every batch normalisation has more than one value per channel in training.
  ///
  /// One value has no deviation: whatever it is, the network would divide by √ε, learn nothing, and remember
  /// nonsense for test time. PyTorch refuses it too ("Expected more than 1 value per channel when training").
  ///
  /// - Parameters:
  ///   - batch: how many images the smallest batch has.
  ///   - imageShape: `[height, width, channels]`.
  /// - Throws: `ArchitectureError.loneValue` with the first layer that has one value.
  /// - Precondition: the images fit (see `check(imageShape:)`).
  public func checkTraining(batch: Int, imageShape: [Int]) throws(ArchitectureError) {
    guard batch <= 1 else { return }
    for layer in layers(imageShape: imageShape) where layer.isNormalization {
      if layer.output.dropLast().reduce(batch, *) <= 1 {
        throw .loneValue(height: imageShape[0], width: imageShape[1], layer: layer.name)
      }
    }
  }
}
