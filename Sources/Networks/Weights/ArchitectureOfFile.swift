import Architectures

extension Architecture {
  /// The network that a file of weights belongs to, told from the names and shapes of its tensors.
  ///
  /// Shapes don't show everything: option A has no parameters, a bottleneck's stride has none, nor have the heads of a
  /// Transformer (4 if nothing says how many). That
  /// is taken from the caller or from the file's metadata: `network`, which holds the network's text, or
  /// `shortcut` and `bottleneck_stride` in older files. Where metadata contradicts the shapes, the shapes
  /// are right.
  ///
  /// - Parameters:
  ///   - file: the weights.
  ///   - shortcut: the shortcuts, if they are known.
  ///   - warn: gets a sentence if the metadata speaks of another network.
  /// - Throws: `SafetensorsError` if no network, or more than one, has these weights.
  public init(
    of file: SafetensorsFile, shortcut: Shortcut? = nil, warn: (String) -> Void = { _ in }
  ) throws(SafetensorsError) {
    let shapes = file.shapes
    let named = file.metadata["network"].flatMap { try? Architecture($0) }
    let numbers = file.entries.values.reduce(0) { $0 + $1.bytes.count }
    func isOfFile(_ candidate: Architecture) -> Bool {
      // One that has more numbers than the file needn't be built to know that it is another.
      guard candidate.parameters <= numbers else { return false }
      return candidate.network().fileShapes.allSatisfy { shapes[$0.key] == $0.value }
        && candidate.projections == shapes.keys.count { $0.hasSuffix("downsample.0.weight") }
    }
    func matching(_ shortcuts: [Shortcut]) -> [Architecture] {
      shortcuts.compactMap { Self.candidate(shapes, $0, named) }.filter(isOfFile)
    }
    let said = named?.shortcut ?? file.metadata["shortcut"].flatMap(Shortcut.init)
    var found = (shortcut ?? said).map { matching([$0]) } ?? []
    if found.isEmpty, shortcut == nil { found = matching([.B, .C, .A, .none]) }
    guard let first = found.first else {
      let names = file.firstNames(3).map(\.shown).joined(separator: ", ")
      throw SafetensorsError(
        "its names and shapes are of no network here (it begins with \(names))",
        file: file.path, remedy: "Say which network it is with --arch, to see what differs.")
    }
    guard found.allSatisfy({ $0 == first }) else {
      let texts = found.map { "\($0.text)" }
      throw SafetensorsError(
        "it may be of \(texts.joined(separator: " or "))", file: file.path,
        remedy: "Say which with --arch, and --shortcut.")
    }
    let stride =
      named?.bottleneckStride ?? file.metadata["bottleneck_stride"].flatMap(BottleneckStride.init)
    self = stride.map(first.with) ?? first
    let older = file.metadata["architecture"].flatMap { try? Architecture($0) }
    if let named, named != self {
      warn(
        "Its metadata says `\(named.text)`, and its shapes are those of `\(text)`, which is taken.")
    } else if named == nil, let older, older.name != name {
      warn(
        "Its metadata says `\(older.name)`, and its shapes are those of `\(text)`, which is taken.")
    }
  }

  private var projections: Int {
    network().parameters.count { $0.name.hasSuffix("downsample.0.weight") }
  }

  /// The only network with these shortcuts that can have tensors of these shapes.
  ///
  /// - Parameter named: the network that the file's metadata name, for what its shapes don't show.
  private static func candidate(
    _ shapes: [String: [Int]], _ shortcut: Shortcut, _ named: Architecture?
  ) -> Architecture? {
    func blocks(_ stage: Int) -> Int {
      shapes.keys.count { $0.hasPrefix("layer\(stage).") && $0.hasSuffix(".conv1.weight") }
    }
    // No extent is larger than its file then.
    guard shapes.values.allSatisfy({ !$0.contains(0) }) else { return nil }
    if let first = shapes["features.0.weight"], let last = shapes["classifier.6.weight"],
      first.count == 4, last.count == 2
    {
      let convolutions = shapes.keys.count { $0.hasPrefix("features.") && $0.hasSuffix(".weight") }
      return
        (try? VGGArchitecture(
          depth: convolutions + 3, inputChannels: first[1], classes: last[0])).map(Architecture.vgg)
    }
    if shortcut == .A || shortcut == .none,
      let patches = shapes["patch_embed.proj.weight"], patches.count == 4,
      let positions = shapes["pos_embed"], positions.count == 3,
      let hidden = shapes["blocks.0.mlp.fc1.weight"], hidden.count == 2,
      let last = shapes["head.weight"], last.count == 2
    {
      let depth = shapes.keys.count { $0.hasPrefix("blocks.") && $0.hasSuffix(".norm1.weight") }
      let side = patches[2] * Int(Double(positions[1]).squareRoot())
      // Heads aren't seen in shapes, nor where the last layers started from.
      var (heads, zero) = (4, false)
      if case .vit(let network) = named {
        (heads, zero) = (network.heads, network.zeroProjections)
      }
      return
        (try? ViTArchitecture(
          depth: depth, width: patches[0], heads: heads, patch: patches[2],
          mlpRatio: hidden[0] / patches[0], imageSide: side, inputChannels: patches[1],
          classes: last[0], hasShortcuts: shortcut == .A, zeroProjections: zero)).map(
          Architecture.vit)
    }
    guard let first = shapes["conv1.weight"], first.count == 4 else { return nil }
    if let last = shapes["linear.weight"], last.count == 2 {
      // With pre-activation it normalises the last stage's channels, else the first one's.
      let order = shapes["bn1.weight"] == [first[0]] ? BlockOrder.postActivation : .preActivation
      return
        (try? CifarArchitecture(
          depth: 6 * blocks(1) + 2, width: first[0], inputChannels: first[1], classes: last[0],
          shortcut: shortcut, order: order)).map(Architecture.cifar)
    }
    guard let last = shapes["fc.weight"], last.count == 2 else { return nil }
    return
      (try? ImageNetArchitecture(
        shapes["layer1.0.conv3.weight"] == nil ? .basic : .bottleneck,
        (1...).lazy.map(blocks).prefix { $0 > 0 }.map { $0 }, shortcut: shortcut, width: first[0],
        inputChannels: first[1], classes: last[0])).map(Architecture.imageNet)
  }
}
