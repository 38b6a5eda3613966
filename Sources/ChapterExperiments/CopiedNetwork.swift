import Networks

extension CifarNetwork {
  /// A network of its own with the same values, to be taken apart without harm to the original.
  public func copied() -> CifarNetwork {
    let copy = CifarNetwork(architecture, seed: 0)
    copy.copy(from: self)
    return copy
  }
}
