// A network's text: family and depth, then what has to be said beside them.
//
//     plain-56 width 8
//     ResNet-56 A width 8 pre-activation channels 1
//     ResNet-50 B first1x1 classes 10
//     ResNet-50 A section-4.2 width 16   (a depth that table 1 has too)
//     ResNet-26 B bottleneck 2-2-2-2     (blocks that table 1 doesn't have)
//     VGG-16
//     ViT-8 none width 32 heads 2        (a Transformer without shortcuts, otherwise as vit-tiny)

extension Architecture {
  /// The one text of this network: equal networks have equal texts, different ones different ones, and
  /// `Architecture(text)` is the network again.
  ///
  /// Channels and classes are named where they aren't 3 and 10 (table 1 and VGG: 1000), and the width of a
  /// network of table 1 where it isn't 64. The others always name theirs: a bare name such as `resnet20` may
  /// mean the paper's 16, or 8 on the digits.
  public var text: String {
    var words = textBesideData
    if inputChannels != 3 { words += " channels \(inputChannels)" }
    if classes != standardClasses { words += " classes \(classes)" }
    return words
  }

  /// The same without channels and classes, where the data set that decides them stands beside it.
  public var textBesideData: String {
    var words = [familyWord + "-\(depth)"]
    // A Transformer usually has shortcuts, and one kind of them.
    if case .vit = self {
      if shortcut == .none { words.append("none") }
    } else if shortcut != .none {
      words.append(shortcut.rawValue)
    }
    if case .cifar = self, ImageNetArchitecture.table1[depth] != nil { words.append("section-4.2") }
    return (words + kindWords).joined(separator: " ")
  }

  /// What networks have in common that differ in depth and shortcuts only, in the words of their texts:
  /// nothing, or `width 8 pre-activation`.
  public var kind: String { kindWords.joined(separator: " ") }

  private var familyWord: String {
    if case .vgg = self { return "VGG" }
    if case .vit = self { return "ViT" }
    return shortcut == .none ? "plain" : "ResNet"
  }

  private var standardClasses: Int {
    switch self {
    case .cifar, .vit: 10
    case .imageNet, .vgg: 1000
    }
  }

  private var kindWords: [String] {
    var words: [String] = []
    switch self {
    case .cifar(let network):
      words.append("width \(network.width)")
      if network.order == .preActivation { words.append("pre-activation") }
    case .imageNet(let network):
      if !network.isOfTable1 {
        let blocks = network.blocks.map { "\($0)" }.joined(separator: "-")
        words.append("\(network.block.rawValue) \(blocks)")
      }
      if network.width != 64 { words.append("width \(network.width)") }
      if network.block == .bottleneck, network.bottleneckStride == .first1x1 {
        words.append("first1x1")
      }
    case .vit(let network):
      words.append("width \(network.width)")
      if network.heads != 4 { words.append("heads \(network.heads)") }
      if network.patch != 2 { words.append("patch \(network.patch)") }
      if network.mlpRatio != 4 { words.append("mlp \(network.mlpRatio)") }
      if network.imageSide != 8 { words.append("image \(network.imageSide)") }
      if network.zeroProjections { words.append("zero-projections") }
    case .vgg: break
    }
    return words
  }

  /// The network of a text, or of a name such as `resnet20`, `plain-56`, `ResNet-50` or `vgg16`.
  ///
  /// Depths of table 1 mean its networks, all others those of section 4.2. What the text doesn't say is
  /// taken from the other arguments; what neither says is as in the paper: shortcuts A, for table 1 B.
  ///
  /// - Parameters:
  ///   - text: family and depth, and whatever else has to be said; case doesn't matter.
  ///   - shortcut: how a block's input reaches its output; a plain network has none.
  ///   - width: channels of the first stage.
  ///   - standardWidth: the width if neither the text nor `width` says one, 16 and 64 if not given.
  ///   - inputChannels: channels of the images, 3 if not given.
  ///   - classes: classes to tell apart, 10 and 1000 if not given.
  ///   - bottleneckStride: where bottlenecks halve the image, if there are any.
  /// - Throws: `ArchitectureError` if there is no such network, or the text contradicts an argument.
  public init(
    _ text: String, shortcut: Shortcut? = nil, width: Int? = nil, standardWidth: Int? = nil,
    inputChannels: Int? = nil, classes: Int? = nil, bottleneckStride: BottleneckStride? = nil
  ) throws(ArchitectureError) {
    var words = try ArchitectureWords(text)
    words.shortcut = try words.either(words.shortcut, shortcut, "shortcut") { $0.rawValue }
    words.width = try words.either(words.width, width, "width") { "\($0)" }
    words.inputChannels = try words.either(words.inputChannels, inputChannels, "channels") {
      "\($0)"
    }
    words.classes = try words.either(words.classes, classes, "classes") { "\($0)" }
    words.stride = try words.either(words.stride, bottleneckStride, "stride") { $0.rawValue }
    if words.width == nil { words.width = standardWidth }
    self = try words.architecture()
  }
}
