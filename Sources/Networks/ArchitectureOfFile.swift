extension Architecture {
  /// The network that a file of weights belongs to, told from the names and shapes of its tensors.
  ///
  /// Option A has no parameters, so a file doesn't show it: then the file's metadata (`shortcut`, which
  /// `resnet export` writes) or the caller has to say so.
  ///
  /// - Parameters:
  ///   - file: the weights.
  ///   - shortcut: the shortcuts, if they are known.
  /// - Throws: `SafetensorsError` if no network, or more than one, has these weights.
  public init(of file: SafetensorsFile, shortcut: Shortcut? = nil) throws(SafetensorsError) {
    let shapes = file.shapes
    let known = shortcut ?? file.metadata["shortcut"].flatMap(Shortcut.init)
    let candidates = (known.map { [$0] } ?? [.B, .C, .A, .none]).compactMap {
      Self.candidate(shapes, $0)
    }
    let matching = candidates.filter { candidate in
      candidate.network().fileShapes.allSatisfy { shapes[$0.key] == $0.value }
        && candidate.projections == shapes.keys.count { $0.hasSuffix("downsample.0.weight") }
    }
    guard let first = matching.first else {
      let names = file.entries.keys.sorted().prefix(3).map(\.shown).joined(separator: ", ")
      throw SafetensorsError(
        "its names and shapes are of no network here (it begins with \(names))",
        file: file.path, remedy: "Say which network it is with --arch, to see what differs.")
    }
    guard matching.allSatisfy({ $0 == first }) else {
      let names = matching.map { "\($0.name) with shortcut \($0.shortcut.rawValue)" }
      throw SafetensorsError(
        "it may be of \(names.joined(separator: " or "))", file: file.path,
        remedy: "Say which with --arch, and --shortcut.")
    }
    self = first
  }

  private var projections: Int {
    network().parameters.count { $0.name.hasSuffix("downsample.0.weight") }
  }

  /// The only network with these shortcuts that can have tensors of these shapes.
  private static func candidate(_ shapes: [String: [Int]], _ shortcut: Shortcut) -> Architecture? {
    func blocks(_ stage: Int) -> Int {
      shapes.keys.count { $0.hasPrefix("layer\(stage).") && $0.hasSuffix(".conv1.weight") }
    }
    // No extent is larger than its file then.
    guard shapes.values.allSatisfy({ !$0.contains(0) }) else { return nil }
    if let first = shapes["features.0.weight"], let last = shapes["classifier.6.weight"],
      first.count == 4, last.count == 2
    {
      let convolutions = shapes.keys.count { $0.hasPrefix("features.") && $0.hasSuffix(".weight") }
      return try? Architecture(
        "vgg\(convolutions + 3)", inputChannels: first[1], classes: last[0])
    }
    guard let first = shapes["conv1.weight"], first.count == 4 else { return nil }
    let family = shortcut == .none ? "plain" : "resnet"
    let option = shortcut == .none ? nil : shortcut
    if let last = shapes["linear.weight"], last.count == 2 {
      return
        (try? CifarArchitecture(
          depth: 6 * blocks(1) + 2, width: first[0], inputChannels: first[1], classes: last[0],
          shortcut: shortcut)).map(Architecture.cifar)
    }
    guard let last = shapes["fc.weight"], last.count == 2 else { return nil }
    let isDeep = shapes["layer1.0.conv3.weight"] != nil
    let row = ImageNetArchitecture.table1.first {
      ($0.value.block == .bottleneck) == isDeep && $0.value.blocks == (1...4).map(blocks)
    }
    return row.flatMap {
      try? Architecture(
        "\(family)\($0.key)", shortcut: option, width: first[0], inputChannels: first[1],
        classes: last[0])
    }
  }
}
