/// Why there is no such network.
public enum ArchitectureError: Error, Equatable, CustomStringConvertible {
  /// The depth isn't 6n + 2, or it is too large.
  case depth(Int)
  /// The width is below 1, or too large.
  case width(Int)
  /// An ImageNet network has no such stages.
  case blocks([Int])
  /// The images have no channel, or too many.
  case inputChannels(Int)
  /// There is nothing to tell apart, or too much.
  case classes(Int)
  /// The network would learn so many numbers.
  case parameters(Int64, of: String)
  /// No network is called so.
  case name(String)
  /// A word of a network's text isn't understood where it stands.
  case word(String, in: String)
  /// A network's text says one thing, and an option or the data another.
  case contradiction(String, said: String, given: String, of: String)
  /// The option is one of other networks.
  case option(String, of: String)
  /// The images have more or fewer channels than the network takes.
  case otherChannels(Int, Int, of: String)
  /// Batches of one image leave a batch normalisation one value per channel.
  case loneValue(height: Int, width: Int, layer: String)
  /// A Transformer's heads don't share its width evenly.
  case heads(Int, width: Int)
  /// Patches don't fill the images of a Transformer evenly.
  case patch(Int, imageSide: Int)
  /// The hidden layer of a Transformer's MLP is too narrow or too wide.
  case mlpRatio(Int)
  /// A Transformer has a position for each patch of images of one size, and these have another.
  case otherImages(height: Int, width: Int, side: Int, of: String)
  /// The images are too small, or too large.
  case imageSize(height: Int, width: Int, least: Int, of: String)

  /// A sentence that says what was wrong and what is allowed.
  public var description: String {
    switch self {
    case .depth(let depth):
      if depth > Limit.depth {
        return "There is no network of depth \(depth) here: the deepest have \(Limit.depth) layers."
      }
      let below = depth < 8 ? 8 : (depth - 2) / 6 * 6 + 2
      return "There is no CIFAR-style network of depth \(depth): depths are 6n + 2 with n of at "
        + "least 1 (8, 14, 20 …). Near by: \(below) and \(below + 6)."
    case .width(let width):
      return
        "There is no network of width \(width): the first stage has 1 to \(Limit.width) channels."
    case .blocks(let blocks):
      let counts = blocks.prefix(Limit.stages + 1).map { "\($0)" }.joined(separator: "-")
      return
        "There is no network with \(counts.isEmpty ? "no" : counts) blocks in its stages: there "
        + "are 1 to \(Limit.stages) stages, each of at least one block."
    case .inputChannels(let channels):
      return "There is no network for images of \(channels) channels: they have 1 to "
        + "\(Limit.inputChannels)."
    case .classes(let classes):
      return "There is no network for \(classes) classes: there are 2 to \(Limit.classes)."
    case .parameters(let count, let network):
      return "\(network) of these sizes would learn \(count) numbers; a network here has at most "
        + "\(Limit.parameters) (8 GB). Make it narrower or less deep."
    case .name(let name):
      let near = Architecture.nearest(to: name).map { " Did you mean \($0)?" } ?? ""
      return "There is no network `\(shown(name))`.\(near) There are \(Architecture.overview)."
    case .word(let word, let text):
      return "`\(shown(text))` describes no network: `\(shown(word))` isn't understood there. "
        + "A description looks like `ResNet-56 A width 8 pre-activation`."
    case .contradiction(let what, let said, let given, let text):
      return "`\(shown(text))` says \(what) \(said), and \(given) is given beside it. "
        + "Leave one of them out."
    case .option(let option, let network):
      return "\(shown(network)) has no choice of \(option). Leave it out, or name another network."
    case .otherChannels(let found, let expected, let network):
      return "The images have \(found) channels, and this \(network) takes \(expected)."
    case .loneValue(let height, let width, let layer):
      return
        "A batch of one image of \(height)x\(width) leaves one value per channel at `\(layer)`, and "
        + "batch normalisation needs at least two in training. Use larger batches, or larger images."
    case .heads(let heads, let width):
      return
        "There is no Transformer of width \(width) with \(heads) heads: the heads share the width, so "
        + "it is a multiple of their number."
    case .patch(let patch, let side):
      return
        "There is no Transformer with patches of \(patch)x\(patch) for images of \(side)x\(side): "
        + "the image's side is 1 to \(Limit.imageSide) and a multiple of the patch's."
    case .mlpRatio(let ratio):
      return
        "There is no Transformer whose MLPs are \(ratio) times as wide as a token: they are 1 to "
        + "\(Limit.mlpRatio) times."
    case .otherImages(let height, let width, let side, let network):
      return
        "\(network) takes images of \(side)x\(side), and these are of \(height)x\(width). Name one for "
        + "them, such as `vit-tiny image \(height) patch \(max(1, height / 4))`."
    case .imageSize(let height, let width, let least, let network):
      if max(height, width) > Limit.imageSide {
        return "Images of \(height)x\(width) are too large: no side is over \(Limit.imageSide)."
      }
      return "Images of \(height)x\(width) are too small for \(network), "
        + "which halves them again and again: both sides are at least \(least)."
    }
  }
}

/// A text from outside in a message: short, and without what would change a terminal.
private func shown(_ text: String) -> String {
  var result = ""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == 60 { return result + "…" }
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
      result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

extension Architecture {
  /// The network of the paper whose name is at most two letters away from this one.
  static func nearest(to name: String) -> String? {
    func word(_ name: String) -> [UInt8] { name.asciiLowercase.filter { $0 != UInt8(ascii: "-") } }
    let wanted = word(name)
    guard wanted.count <= 20 else { return nil }
    var (nearest, least): (String?, Int) = (nil, 3)
    for architecture in ofThePaper {
      let letters = word(architecture.name)
      let distance = editDistance(wanted, letters)
      if distance < least {
        (nearest, least) = (String(decoding: letters, as: UTF8.self), distance)
      }
    }
    return nearest
  }
}
