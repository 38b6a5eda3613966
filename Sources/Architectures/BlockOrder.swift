/// Where normalisation and ReLU stand in a block.
public enum BlockOrder: String, Sendable {
  /// Behind the convolutions, the last ReLU behind the addition (He et al. 2015, figure 2).
  case postActivation
  /// Before the convolutions, so that nothing follows the addition (He et al., *Identity Mappings in
  /// Deep Residual Networks*, 2016, figure 4e).
  case preActivation
}
