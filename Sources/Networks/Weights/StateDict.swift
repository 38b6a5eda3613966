import Files

extension SafetensorsFile {
  /// The file with its tensors under the names that the networks here have, as far as the file's own names
  /// leave no doubt; `notes` says what was changed.
  ///
  /// - A checkpoint of `resnet train` is the network in it.
  /// - Names that PyTorch's wrappers add (`module.`, `_orig_mod.`) go, wherever they stand.
  /// - What stands before every name of a whole network goes, such as `model.`.
  /// - A projection may be called `shortcut`, the last layer `fc`, `linear`, `classifier` or `head`; the names
  ///   of Hugging Face's ResNets become torchvision's.
  ///
  /// - Throws: `SafetensorsError` if the file is something else than the weights of a network, or of several.
  public func stateDict() throws(SafetensorsError) -> SafetensorsFile {
    do {
      return try unnamedStateDict()
    } catch {
      throw path.map(error.about) ?? error
    }
  }

  private func unnamedStateDict() throws(SafetensorsError) -> SafetensorsFile {
    if isCheckpoint {
      var network: [ExactName: Entry] = [:]
      for (name, entry) in entries where name.text.hasPrefix("network.") {
        network[String(name.text.dropFirst("network.".count))] = entry
      }
      return SafetensorsFile(self, entries: network, notes: [])
    }
    try checkKind()
    var names = StateDictNames(entries)
    try names.removePrefixes()
    names.renameLayers()
    try names.checkLayout()
    names.noteNumbers()
    return SafetensorsFile(self, entries: names.entries, notes: names.notes)
  }

  /// Whether `resnet train` wrote it.
  public var isCheckpoint: Bool {
    metadata["format"]?.hasPrefix("resnet-by-hand checkpoint") == true
  }

  /// Refuses safetensors files of other kinds.
  private func checkKind() throws(SafetensorsError) {
    // Of a file with many names some are enough. To search one of megabytes takes seconds.
    let some = entries.keys.prefix(5000).filter { $0.text.utf8.count < 1000 }
    func holds(_ parts: String...) -> Bool {
      some.contains { name in parts.contains { name.text.contains($0) } }
    }
    if let part = path?.firstMatch(of: /-(\d+)-of-(\d+)\.safetensors$/),
      let number = Int(part.1), let count = Int(part.2), count > 1
    {
      throw SafetensorsError(
        "it is part \(number) of \(count) of some weights",
        remedy:
          "In Python, put the parts together: load each with safetensors and save all tensors in one file."
      )
    }
    if entries.isEmpty {
      throw SafetensorsError("it holds no tensors", remedy: "Name the weights of a network.")
    }
    if holds("exp_avg", "momentum_buffer", "max_exp_avg_sq"), !holds("running_mean") {
      throw SafetensorsError(
        "it holds the state of an optimiser, not a network",
        remedy: "Name the network's file, which was saved beside it.")
    }
    if holds("lora_A.", "lora_B.", "lora_down.", "lora_up.") {
      throw SafetensorsError(
        "it holds changes to the weights of another file (LoRA)",
        remedy: "Merge them into that file in Python, and save the result.")
    }
    for (name, what) in [("features", "features"), ("logits", "evaluate --logits")]
    where entries.count == 1 && entries[name] != nil {
      throw SafetensorsError(
        "it holds what `resnet \(what)` wrote, no weights", remedy: "Name the weights of a network."
      )
    }
  }
}

/// The names in a state dict, on their way to those of the networks here.
private struct StateDictNames {
  private(set) var entries: [ExactName: SafetensorsFile.Entry]
  private(set) var notes: [String] = []

  init(_ entries: [ExactName: SafetensorsFile.Entry]) { self.entries = entries }

  /// Gives all tensors other names, unless two would have the same.
  ///
  /// - Returns: whether something was changed.
  private mutating func rename(_ change: (String) -> String) -> Bool {
    var renamed: [ExactName: SafetensorsFile.Entry] = [:]
    var changes = false
    for (name, entry) in entries {
      let new = ExactName(change(name.text))
      changes = changes || new != name
      if renamed.updateValue(entry, forKey: new) != nil { return false }
    }
    if changes { entries = renamed }
    return changes
  }

  /// Takes away what stands before the names of a whole network, and what wrappers add within them.
  mutating func removePrefixes() throws(SafetensorsError) {
    try removePrefix()
    let wrappers: Set<Substring> = [
      "module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module",
    ]
    func parts(_ name: String) -> [Substring] {
      name.split(separator: ".", omittingEmptySubsequences: false)
    }
    let found = entries.keys.filter { parts($0.text).contains(where: wrappers.contains) }
    if let first = found.min(),
      rename({ name in parts(name).filter { !wrappers.contains($0) }.joined(separator: ".") })
    {
      notes.append(
        "\(found.count) names have what PyTorch's wrappers add, such as \(first.shown): it was left out."
      )
      try removePrefix()
    }
    renameHuggingFace()
  }

  private mutating func removePrefix() throws(SafetensorsError) {
    // A prefix is what stands before the first and a later layer of a network.
    let pairs = [
      ("conv1.weight", "layer1.0.conv1.weight"), ("features.0.weight", "classifier.6.weight"),
      ("pos_embed", "blocks.0.norm1.weight"),
    ]
    let prefixes = entries.keys.flatMap { name in
      pairs.compactMap { first, later -> String? in
        guard name.text.hasSuffix(first) else { return nil }
        let prefix = String(name.text.dropLast(first.count))
        return entries[prefix + later] != nil ? prefix : nil
      }
    }.sorted()
    guard prefixes.count < 2 else {
      let shown = prefixes.prefix(5).map { $0.isEmpty ? "no prefix" : "`\(shortened($0))`" }
      throw SafetensorsError(
        "it holds \(prefixes.count) networks, whose names begin with \(shown.joined(separator: " and "))",
        remedy: "Save one of them alone.")
    }
    guard let prefix = prefixes.first, !prefix.isEmpty else { return }
    let outside = entries.keys.filter { !$0.text.hasPrefix(prefix) }.sorted()
    for name in outside { entries[name] = nil }
    _ = rename { String($0.dropFirst(prefix.count)) }
    notes.append("The prefix `\(shortened(prefix))` before its names was left out.")
    if !outside.isEmpty {
      let shown = outside.prefix(3).map(\.shown).joined(separator: ", ")
      notes.append(
        "\(outside.count) tensors without that prefix were left out: \(shown)\(outside.count > 3 ? " …" : "")."
      )
    }
  }

  /// `resnet.encoder.stages.0.layers.1.layer.0.convolution.weight` is `layer1.1.conv1.weight`.
  private mutating func renameHuggingFace() {
    guard
      entries.keys.contains(where: { $0.text.hasSuffix("embedder.embedder.convolution.weight") })
    else { return }
    let changed = rename { name in
      var parts = name.split(separator: ".").map(String.init)
      guard parts.count > 2 else { return name }
      if parts[0] == "resnet" { parts.removeFirst() }
      let kind = parts.count > 1 ? parts[parts.count - 2] : ""
      let rest = parts.last ?? ""
      if parts.starts(with: ["embedder", "embedder"]) {
        return "\(kind == "convolution" ? "conv1" : "bn1").\(rest)"
      }
      if parts.starts(with: ["classifier", "1"]) { return "fc.\(rest)" }
      guard parts.starts(with: ["encoder", "stages"]), parts.count > 6, let stage = Int(parts[2]),
        stage < 10
      else { return name }
      let block = "layer\(stage + 1).\(parts[4])"
      if parts[5] == "shortcut" {
        return "\(block).downsample.\(kind == "convolution" ? 0 : 1).\(rest)"
      }
      guard let layer = Int(parts[6]), layer < 10 else { return name }
      return "\(block).\(kind == "convolution" ? "conv" : "bn")\(layer + 1).\(rest)"
    }
    if changed {
      notes.append("Its names are Hugging Face's: torchvision's were put in their place.")
    }
  }

  /// Gives projections and the last layer the names that they have here.
  mutating func renameLayers() {
    let counted = entries.keys.filter {
      $0.text.hasSuffix("total_ops") || $0.text.hasSuffix("total_params")
    }
    if !counted.isEmpty {
      for name in counted { entries[name] = nil }
      notes.append("\(counted.count) counts of a profiler (total_ops, total_params) were left out.")
    }
    guard entries["conv1.weight"] != nil, entries["layer1.0.conv1.weight"] != nil else { return }
    let isProjection = entries.contains {
      $0.key.text.hasSuffix(".shortcut.0.weight") && $0.value.shape.count == 4
    }
    if isProjection,
      rename({ name in
        guard name.hasPrefix("layer") else { return name }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.map { $0 == "shortcut" ? "downsample" : $0 }.joined(separator: ".")
      })
    {
      notes.append("Its projections are called `shortcut`: here it is `downsample`.")
    }
    // Networks for ImageNet have a fourth stage.
    let isLarge = entries.keys.contains { $0.text.hasPrefix("layer4.") }
    let own = isLarge ? "fc" : "linear"
    guard entries["\(own).weight"] == nil else { return }
    let heads = ["fc", "linear", "classifier", "head", "head.fc", "classifier.1"].filter {
      entries["\($0).weight"]?.shape.count == 2
    }
    guard heads.count == 1, let head = heads.first else { return }
    for part in ["weight", "bias"] {
      guard let entry = entries["\(head).\(part)"] else { continue }
      entries["\(head).\(part)"] = nil
      entries["\(own).\(part)"] = entry
    }
    notes.append("Its last layer is called `\(head)`: here it is `\(own)`.")
  }

  /// Refuses filters and matrices whose axes stand in another order than PyTorch's.
  func checkLayout() throws(SafetensorsError) {
    let filters = entries.filter {
      $0.value.shape.count == 4 && $0.key.text.hasSuffix("weight")
    }.map(\.value.shape)
    func are(_ first: Int, _ second: Int) -> Bool {
      filters.allSatisfy { $0[first] == $0[second] && [1, 3, 5, 7].contains($0[first]) }
    }
    if !filters.isEmpty, !are(2, 3) {
      if are(0, 1) {
        throw SafetensorsError(
          "its filters are [height, width, in, out], as in TensorFlow, and [out, in, height, width] are needed",
          remedy: "In Python: permute(3, 2, 0, 1) for filters, t() for matrices.")
      }
      if are(1, 2) {
        throw SafetensorsError(
          "its filters are [out, height, width, in], as in MLX, and [out, in, height, width] are needed",
          remedy: "In Python: permute(0, 3, 1, 2) for filters.")
      }
    }
    for name in ["fc", "linear", "classifier.6"] {
      if let shape = entries["\(name).weight"]?.shape, let bias = entries["\(name).bias"]?.shape,
        shape.count == 2, bias.count == 1, shape[0] != bias[0], shape[1] == bias[0]
      {
        throw SafetensorsError(
          "its matrix \(name).weight is [in, out], and [out, in] is needed",
          remedy: "In Python: t() for matrices.")
      }
    }
  }

  /// Says what other precision the numbers have.
  mutating func noteNumbers() {
    let types = Set(entries.filter { $0.key.text.hasSuffix("weight") }.map(\.value.type))
    if types.contains("F64") {
      notes.append("Its numbers have double precision (F64) and are rounded to single.")
    }
    for (type, bits) in [("F16", 11), ("BF16", 8)] where types.contains(type) {
      notes.append(
        "Its numbers were rounded to \(bits) bits (\(type)) when they were saved: results may differ a little from those of the network that was trained."
      )
    }
  }
}
