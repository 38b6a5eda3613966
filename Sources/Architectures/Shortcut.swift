/// How the input of a block reaches its output (He et al. 2015, sections 3.2, 3.3 and 4.1).
public enum Shortcut: String, CaseIterable, Sendable {
  /// No shortcut: a plain network.
  case none
  /// Identity; where dimensions change, zero channels. No parameters.
  case A
  /// Identity; where dimensions change, a 1x1 convolution (equation 2).
  case B
  /// A 1x1 convolution everywhere.
  case C

  /// Whether a block between these dimensions has a 1x1 convolution on its shortcut.
  public func projects(_ inChannels: Int, _ outChannels: Int, stride: Int) -> Bool {
    switch self {
    case .none, .A: false
    case .B: stride != 1 || inChannels != outChannels
    case .C: true
    }
  }
}
