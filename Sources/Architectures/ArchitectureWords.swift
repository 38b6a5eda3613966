/// A network's text taken apart; what it doesn't say is nil.
struct ArchitectureWords {
  /// The word before the depth.
  enum Family {
    case resnet, plain, vgg, vit
  }

  let text: String
  let family: Family
  let depth: Int
  var shortcut: Shortcut?
  var width: Int?
  var inputChannels: Int?
  var classes: Int?
  var order: BlockOrder?
  var stride: BottleneckStride?
  /// Whether it is of section 4.2, or else like table 1.
  private var isOfSection42: Bool?
  /// What only a Transformer has.
  private var heads, patch, mlpRatio, imageSide: Int?
  private var zeroProjections: Bool?
  private var blocks: (block: ImageNetArchitecture.Block, counts: [Int])?

  /// The longest text that is read, in bytes; the longest that is written has half as many.
  private static let longest = 200

  /// Takes a text apart.
  ///
  /// - Throws: `ArchitectureError` if it isn't a network's; whether there is one of these figures isn't
  ///   looked at yet.
  init(_ text: String) throws(ArchitectureError) {
    self.text = text
    guard text.utf8.count <= Self.longest else { throw .name(text) }
    let separators = [UInt8(ascii: " "), UInt8(ascii: ",")]
    let words = text.asciiLowercase.split { separators.contains($0) }
      .map { String(decoding: $0, as: UTF8.self) }
    guard let head = words.first, let (family, depth) = Self.familyAndDepth(head) else {
      throw .name(text)
    }
    (self.family, self.depth) = (family, depth)
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      guard try take(word, &rest) else { throw .word(word, in: text) }
    }
  }

  /// `resnet20` and `resnet-20`; `vit-tiny` has 8 blocks.
  private static func familyAndDepth(_ head: String) -> (Family, Int)? {
    if head == "vit-tiny" { return (.vit, 8) }
    let words = [("resnet", Family.resnet), ("plain", .plain), ("vgg", .vgg), ("vit", .vit)]
    for (word, family) in words where head.hasPrefix(word) {
      var digits = head.dropFirst(word.count)
      if digits.first == "-" { digits = digits.dropFirst() }
      return number(String(digits)).map { (family, $0) }
    }
    return nil
  }

  /// A whole number without a sign and without zeros before it.
  private static func number(_ word: String) -> Int? {
    let digits = word.utf8
    guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1,
      digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
    return Int(word)
  }

  /// Notes what one word says, with the next one if it belongs to it.
  ///
  /// - Returns: false if the word isn't understood, or if something is said twice.
  private mutating func take(
    _ word: String, _ rest: inout ArraySlice<String>
  ) throws(ArchitectureError) -> Bool {
    func next() throws(ArchitectureError) -> String {
      guard let value = rest.popFirst() else { throw .word(word, in: text) }
      return value
    }
    func count() throws(ArchitectureError) -> Int {
      let word = try next()
      guard let count = Self.number(word) else { throw .word(word, in: text) }
      return count
    }
    switch word {
    case "a": return Self.note(.A, &shortcut)
    case "b": return Self.note(.B, &shortcut)
    case "c": return Self.note(.C, &shortcut)
    case "none": return Self.note(Shortcut.none, &shortcut)
    case "shortcut":
      let value = try next()
      guard ["none", "a", "b", "c"].contains(value) else { throw .word(value, in: text) }
      return try take(value, &rest)
    case "width": return Self.note(try count(), &width)
    case "channels": return Self.note(try count(), &inputChannels)
    case "classes": return Self.note(try count(), &classes)
    case "heads": return Self.note(try count(), &heads)
    case "patch": return Self.note(try count(), &patch)
    case "mlp": return Self.note(try count(), &mlpRatio)
    case "image": return Self.note(try count(), &imageSide)
    case "zero-projections": return Self.note(true, &zeroProjections)
    case "pre-activation": return Self.note(.preActivation, &order)
    case "post-activation": return Self.note(.postActivation, &order)
    case "first1x1": return Self.note(.first1x1, &stride)
    case "middle3x3": return Self.note(.middle3x3, &stride)
    case "section-4.2": return Self.note(true, &isOfSection42)
    case "table-1": return Self.note(false, &isOfSection42)
    case "basic", "bottleneck":
      let list = try next()
      var counts: [Int] = []
      for part in list.split(separator: "-", omittingEmptySubsequences: false) {
        guard let count = Self.number(String(part)) else { throw .word(list, in: text) }
        counts.append(count)
      }
      guard blocks == nil else { return false }
      blocks = (word == "basic" ? .basic : .bottleneck, counts)
      return true
    default: return false
    }
  }

  private static func note<Value>(_ value: Value, _ place: inout Value?) -> Bool {
    guard place == nil else { return false }
    place = value
    return true
  }

  /// What the text says, or else what is given beside it.
  func either<Value: Equatable>(
    _ said: Value?, _ given: Value?, _ what: String, _ words: (Value) -> String
  ) throws(ArchitectureError) -> Value? {
    guard let said, let given else { return said ?? given }
    guard said == given else {
      throw .contradiction(what, said: words(said), given: words(given), of: text)
    }
    return said
  }

  /// The network.
  ///
  /// - Throws: `ArchitectureError` if there is none, or something was said of it that it has no choice of.
  func architecture() throws(ArchitectureError) -> Architecture {
    if family == .vit { return .vit(try transformer()) }
    try refuse(
      "shortcuts", family != .resnet && shortcut != nil && shortcut != Optional(Shortcut.none))
    try refuse(
      "heads, patches, MLPs and the size of images",
      heads != nil || patch != nil || mlpRatio != nil || imageSide != nil || zeroProjections != nil)
    let channels = inputChannels ?? 3
    let counts = blocks?.counts ?? ImageNetArchitecture.table1[depth]?.blocks
    if family == .vgg {
      try refuse("width", width != nil)
      try refuse("the order in a block", order != nil)
      try refuse("blocks", blocks != nil || isOfSection42 != nil)
      try refuse("the bottleneck's stride", stride != nil)
      guard VGGArchitecture.configurations[depth] != nil else { throw .name(text) }
      return .vgg(
        try VGGArchitecture(depth: depth, inputChannels: channels, classes: classes ?? 1000))
    }
    let plain = family == .plain ? Shortcut.none : nil
    guard let counts, isOfSection42 != true || blocks != nil else {
      guard isOfSection42 != false else { throw .name(text) }
      try refuse("the bottleneck's stride", stride != nil)
      return .cifar(
        try CifarArchitecture(
          depth: depth, width: width ?? 16, inputChannels: channels, classes: classes ?? 10,
          shortcut: plain ?? shortcut ?? .A, order: order ?? .postActivation))
    }
    let block = blocks?.block ?? ImageNetArchitecture.table1[depth]?.block ?? .basic
    try refuse("blocks", isOfSection42 == true)
    try refuse("the order in a block", order == .preActivation)
    try refuse("the bottleneck's stride", stride != nil && block == .basic)
    let network = try ImageNetArchitecture(
      block, counts, shortcut: plain ?? shortcut ?? .B, width: width ?? 64,
      inputChannels: channels, classes: classes ?? 1000, bottleneckStride: stride ?? .middle3x3)
    guard network.depth == depth else {
      throw .contradiction(
        "depth", said: "\(depth)", given: "\(network.depth) by its blocks", of: text)
    }
    return .imageNet(network)
  }

  private func transformer() throws(ArchitectureError) -> ViTArchitecture {
    try refuse("shortcuts B and C", shortcut == .B || shortcut == .C)
    try refuse("the order in a block", order != nil)
    try refuse("blocks", blocks != nil || isOfSection42 != nil)
    try refuse("the bottleneck's stride", stride != nil)
    return try ViTArchitecture(
      depth: depth, width: width ?? 32, heads: heads ?? 4, patch: patch ?? 2,
      mlpRatio: mlpRatio ?? 4, imageSide: imageSide ?? 8, inputChannels: inputChannels ?? 3,
      classes: classes ?? 10, hasShortcuts: shortcut != Optional(Shortcut.none),
      zeroProjections: zeroProjections ?? false)
  }

  /// Refuses what the network has no choice of.
  private func refuse(_ choice: String, _ isMade: Bool) throws(ArchitectureError) {
    if isMade { throw .option(choice, of: text) }
  }
}

extension String {
  /// Its bytes, with the letters A to Z made small.
  var asciiLowercase: [UInt8] {
    utf8.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 + 32 : $0 }
  }
}
