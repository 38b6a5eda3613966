import ArgumentParser
import Commands
import Datasets
import Files
import Foundation
import MiniTensor
import Networks
import Optimization
import RunStore
import Training

/// The options that decide what is trained on and how.
struct TrainingOptions: ParsableArguments {
  @Option(help: "The data set: \(Dataset.Name.allCases.map(\.rawValue).joined(separator: ", ")).")
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "Where its files are.", discussion: "Without it where `resnet fetch` puts them.",
      valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "A recorded run to take everything from that isn't given otherwise.",
      discussion: "What `metrics show RUN --json` prints.", valueName: "file"))
  var config: String?

  @Option(help: "What --total and --drops count: steps or epochs.")
  var unit: Unit?

  @Option(in: Recipe.lengths, help: "The length of the recipe.")
  var total: Int?

  @Option(
    listIn: Recipe.lengths, help: "Where the learning rate is divided by ten, such as 32000,48000.")
  var drops: [Int]?

  @Option(in: Recipe.batchSizes, help: "Images per step.")
  var batchSize: Int?

  @Option(in: Recipe.learningRates, help: "The first learning rate.")
  var learningRate: Double?

  @Option(in: Recipe.shares, help: "The share of the velocity that a step keeps.")
  var momentum: Double?

  @Option(in: Recipe.shares, help: "The factor of the penalty on the size of the weights.")
  var weightDecay: Double?

  @Option(
    in: Recipe.learningRates,
    help: ArgumentHelp(
      "The learning rate until the training error is below 80 %, 0 for no such warm-up.",
      discussion: "Without it 0.01 for 110 layers and more, as in the paper.", valueName: "rate"))
  var warmUp: Double?

  @Flag(inversion: .prefixedNo, help: "Shift and flip the training images at random.")
  var augmentation: Bool?

  @Option(
    help: ArgumentHelp(
      "What is taken away from pixels: the mean of each pixel, or of each channel (and divided by its deviation).",
      discussion: "Without it pixel for CIFAR, as in the paper, otherwise channel."))
  var centering: TrainingData.Centering?

  @Option(in: 0...1_000_000_000, help: "How many training images are held out to choose by.")
  var validation: Int?

  @Flag(help: "Hold no training images out.")
  var all = false

  @Option(
    help:
      "The training error that is reported: running (over the epoch's batches) or exact (over all images after it)."
  )
  var trainingError: Recipe.TrainingErrorMeasure?

  @Option(
    in: Recipe.shardCounts,
    help: ArgumentHelp(
      "Into how many parts each batch is cut, for as many threads or processes.",
      discussion:
        "Part of the recipe: the last bits depend on it, and on nothing else of how the work is shared out."
    ))
  var shards: Int?

  @Flag(
    help: ArgumentHelp(
      "Let each shard be normalised by its own mean and variance: another network. Needs --shards.",
      discussion:
        "Several processes then add up gradients by MPI's all-reduce, which waits less. Its last bits depend on how many "
        + "they are, so the store has that number, and as many continue the run."))
  var localStatistics = false

  @Option(in: threadCounts, help: "Threads that compute. They change the time, never the numbers.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  @OptionGroup var store: StoreOption

  @Flag(help: "Record nothing.")
  var noStore = false

  /// What a recipe is counted in.
  enum Unit: String, ExpressibleByArgument, CaseIterable {
    case steps, epochs
  }

  func validate() throws {
    if let file = config, !FileManager.default.fileExists(atPath: file) {
      throw ValidationError(
        "There is no file \(file). Give one that `metrics show RUN --json` wrote.")
    }
    if localStatistics, config == nil, shards ?? 1 < 2 {
      throw ValidationError(
        "--local-statistics needs --shards 2 or more: they are those of a shard.")
    }
    if all, validation != nil {
      throw ValidationError("--all means --validation 0; give one of them.")
    }
  }

  /// Whether the images are prepared and held out as they are without options.
  var takesStandardImages: Bool { centering == nil && validation == nil && !all }

  /// The recorded run of `--config`.
  func recorded() throws -> RunConfiguration? {
    try config.map { try RecordedRunFile(contentsOf: $0).configuration }
  }

  /// Opens the store, if there shall be one; says what is wrong with it and goes on otherwise.
  func openStore() -> RunStore? {
    guard !noStore else { return nil }
    let (store, warning) = RunStore.openIfPossible(store.path(otherwise: RunStore.defaultPath))
    if let warning { tell(warning) }
    return store
  }

  /// The name of the data set.
  func datasetName(_ recorded: RunConfiguration?) throws -> Dataset.Name {
    do {
      return try Dataset.Name(named: dataset ?? recorded?.dataset ?? "cifar10")
    } catch {
      throw wrongUse(error)
    }
  }

  /// Says before anything is read which two of its places mustn't be as they are.
  ///
  /// - Parameters:
  ///   - checkpoints: the folder of `--checkpoints`, if it was given.
  ///   - standard: the folder otherwise.
  ///   - files: the names of the files that are written into it.
  func checkPlaces(
    _ name: Dataset.Name, checkpoints: String?, otherwise standard: String, files: [String] = []
  ) throws {
    try checkBundled(name, data)
    let folder = checkpoints ?? standard
    let saved = [folder] + files.map { folder + "/" + $0 }
    try Files.checkPlaces(
      reading: places(of: name, in: data)
        + [config.map { Place($0, as: "--config") }].compactMap(\.self),
      writing: saved.map { Place($0, as: "--checkpoints") } + (noStore ? [] : store.places()))
  }

  private func folder(of name: Dataset.Name) -> URL {
    data.map { URL(fileURLWithPath: $0) } ?? CacheFolder.folder(of: name)
  }

  /// Reads the images and prepares them. Says so if some of those that are tested with are learnt from.
  func readData(_ name: Dataset.Name, _ recorded: RunConfiguration?) throws -> TrainingData {
    let folder = folder(of: name)
    let digits = name == .digits ? try Digits.load() : nil
    let (train, test) =
      try digits.map { (train: $0.published(.train), test: $0.published(.test)) }
      ?? Dataset.bothParts(of: name, in: folder)
    if let leak = Dataset.leak(from: train, to: test, of: name, in: folder) { tell(leak) }
    let values = recorded?.hyperparameters ?? [:]
    // The digits as the chapters have them: already standardised, all of them learnt from.
    let standard = name == .digits ? 0 : train.count / 10
    let count = all ? 0 : validation ?? values["validation"].flatMap(Self.whole) ?? standard
    guard count < train.count else {
      throw ValidationError("--validation \(count) would leave none of the \(train.count) images.")
    }
    if let digits, count == 0, centering == nil { return TrainingData(digits) }
    let words = values["centering"].flatMap { TrainingData.Centering(rawValue: $0.description) }
    let isCifar = [.cifar10, .cifar100, .cifar100Coarse].contains(name)
    let usual = isCifar ? TrainingData.Centering.pixel : .channel
    return TrainingData(
      train: train, test: test, validation: count, centering: centering ?? words ?? usual)
  }

  /// The recipe for a network.
  func recipe(
    _ name: Dataset.Name, images: Int, for architecture: Architecture,
    _ recorded: RunConfiguration?
  ) throws -> Recipe {
    let isTransformer = if case .vit = architecture { true } else { false }
    var recipe =
      isTransformer
      ? Recipe.transformer() : name == .digits ? Recipe() : Recipe.paper(images: images)
    if recorded == nil, !isTransformer, name != .digits, architecture.depth >= 110 {
      recipe.warmUp = WarmUp()
    }
    if let recorded {
      do {
        recipe = try Recipe(recorded.hyperparameters)
      } catch {
        throw Failure("\(config ?? "") can't be followed: \(error)")
      }
    }
    if let batchSize { recipe.batchSize = batchSize }
    if let learningRate { recipe.learningRate = learningRate }
    if let momentum { recipe.momentum = momentum }
    if let weightDecay { recipe.weightDecay = weightDecay }
    if let augmentation { recipe.augments = augmentation }
    if let trainingError { recipe.trainingError = trainingError }
    if let shards { recipe.shards = shards }
    if localStatistics {
      recipe.statistics = .shard
      let ranks = Train.ranks?.count ?? 1
      recipe.allReduceRanks = ranks > 1 ? ranks : nil
    }
    if let warmUp {
      recipe.warmUp = warmUp > 0 ? WarmUp() : nil
      recipe.warmUp?.learningRate = warmUp
    }
    if recipe.cosineWarmUp != nil, drops != nil {
      throw ValidationError(
        "The learning rate of \(architecture.name) falls along a cosine: leave --drops out.")
    }
    if recipe.optimizer == .adamW, momentum != nil {
      throw ValidationError("AdamW, which trains \(architecture.name), has no --momentum.")
    }
    if let drops { recipe.drops = drops }
    if let drops, zip(drops, drops.dropFirst()).contains(where: { $0 >= $1 }) {
      throw ValidationError("--drops have to ascend, such as 10,15; these don't: \(list(drops)).")
    }
    let unit = unit ?? (recipe.steps == nil ? .epochs : .steps)
    switch unit {
    case .epochs:
      if recipe.steps != nil, total == nil || drops == nil {
        throw ValidationError("--unit epochs needs --total and --drops, here counted in steps.")
      }
      recipe.steps = nil
      recipe.epochs = total ?? recipe.epochs
    case .steps:
      guard let steps = total ?? recipe.steps,
        drops != nil || recipe.steps != nil || recipe.cosineWarmUp != nil
      else {
        throw ValidationError("--unit steps needs --total and --drops, here counted in epochs.")
      }
      recipe.count(steps: steps, images: images)
    }
    let length = recipe.steps ?? recipe.epochs
    if total != nil || drops != nil, let last = recipe.drops.last, last > length {
      throw ValidationError(
        "The learning rate would drop after \(list(recipe.drops)) \(unit.rawValue), and the recipe ends "
          + "after \(length). Give --total and --drops that fit each other.")
    }
    return recipe
  }

  private func list(_ numbers: [Int]) -> String {
    numbers.map(String.init).joined(separator: ",")
  }

  private static func whole(_ value: HyperparameterValue) -> Int? {
    guard case .number(let number) = value else { return nil }
    return Int(exactly: number)
  }
}

/// Says so before a network is made that this machine has no room for.
func checkMemory(_ trial: Trial, _ data: TrainingData) throws {
  let bytes = trial.trainingBytes(images: data.train.count, shape: data.train.imageShape)
  let there = Double(ProcessInfo.processInfo.physicalMemory)
  guard bytes <= there else {
    throw Failure(
      String(
        format: "%@ with batches of %d images takes %.0f GB or more to train, and this machine has "
          + "%.0f. Take a smaller --batch-size or --width, or fewer layers.",
        trial.architecture.name, min(trial.recipe.batchSize, data.train.count), bytes / 1e9,
        there / 1e9))
  }
}

/// Reads what a run is called in the store.
@Sendable func experimentName(_ text: String) throws -> String {
  let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  guard text.contains(where: { !$0.isWhitespace }), isPlain, text.count <= 200 else {
    throw ValidationError("it takes a name of 1 to 200 printable characters.")
  }
  return text
}

extension TrainingData.Centering: ExpressibleByArgument {}
extension Recipe.TrainingErrorMeasure: ExpressibleByArgument {}
