import ArgumentParser
import Commands
import Datasets
import Files
import Foundation
import MiniTensor
import Networks
import RunStore
import Training

/// `resnet train`: trains one network, saves it on the way, and records the run.
public struct Train: ParsableCommand {
  /// Its help.
  public static let configuration = CommandConfiguration(
    abstract: "Trains one network, saves it on the way, and records the run.",
    discussion: """
      What isn't given is the paper's recipe for CIFAR-10 (section 4.2): 64,000 steps of 128 shifted and \
      flipped images without the mean of each pixel, learning rate 0.1, divided by ten after 32,000 and \
      48,000 steps, momentum 0.9, weight decay 0.0001, a tenth of the training images held out. For the \
      digits it is that of chapters 6 and 9: 20 epochs in steps of 64 images, divided by ten after 10 and 15, all images. \
      A Vision Transformer is trained by AdamW with a learning rate of 0.003 that rises for 40 steps and falls along a cosine, as in chapter 15.

        resnet fetch cifar10
        resnet train --arch resnet20
        resnet train --arch resnet20 --unit steps --total 8000 --drops 4000,6000
        resnet train --arch plain56 --until-epoch 2

      --total is the length of the recipe, on which the learning rate depends. --until-step and \
      --until-epoch (or --steps and --epochs) only end this session earlier; --resume goes on from there.

      After every epoch a line goes to standard output, and a checkpoint to last.safetensors and, if the \
      error is the lowest so far, to best.safetensors. Without images that are held \
      out that is the test error, of which the best is no fair estimate. Ctrl-C, SIGTERM and the closing of \
      the terminal save and end with status 130; after these, after kill -9, a crash or a full disk, the same command with --resume continues as if \
      nothing had happened, to the bit.

      With --shards 8 a batch is cut into eight parts, whose gradients are added up in an order of their own: by \
      this process, or by several (`resnet-mpi train`, docs/cluster.md), always to the same bits.

      A store that is locked or full for a while is tried again until the end. If the run can't be stored even \
      then, the status is 1; the checkpoints have the network.
      """)

  /// The processes that train together; nil for this one alone.
  @TaskLocal public static var ranks: (any Ranks)?

  @OptionGroup var network: TrainedNetworkOptions

  @Option(
    in: seedNumbers,
    help: "Decides the first weights, the order and the augmentation of the images.")
  var seed: Int?

  @OptionGroup var options: TrainingOptions

  @Option(
    in: Recipe.lengths, name: [.customLong("until-epoch"), .customLong("epochs")],
    help: ArgumentHelp(
      "End this session when the run has so many epochs. The recipe (--total) stays as it is.",
      valueName: "epoch"))
  var epochs: Int?

  @Option(
    in: Recipe.lengths, name: [.customLong("until-step"), .customLong("steps")],
    help: ArgumentHelp(
      "End this session when the run has so many steps. The recipe (--total) stays as it is.",
      valueName: "step"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Where checkpoints are kept.",
      discussion:
        "Without it checkpoints/ARCH-DATASET-SEED, and eight digits more if anything else is given.",
      valueName: "folder"))
  var checkpoints: String?

  @Flag(help: "Continue from the last checkpoint; there has to be one.")
  var resume = false

  @Flag(help: "Begin anew, whatever checkpoint there is.")
  var fresh = false

  @Option(in: 0...1_000_000, help: "Seconds between two checkpoints within an epoch.")
  var checkpointInterval = 60.0

  @Option(help: "What the run is called in the store.", transform: experimentName)
  var experiment: String?

  @Flag(help: "Print one JSON object per epoch.")
  var json = false

  /// Without options, which parsing gives.
  public init() {}

  /// Refuses options that contradict each other.
  public func validate() throws {
    guard network.arch != nil || options.config != nil else {
      throw ValidationError("Name a network with --arch, such as --arch resnet20.")
    }
    try requirePath(checkpoints, of: "--checkpoints")
    if resume && fresh { throw ValidationError("--resume and --fresh exclude each other.") }
  }

  /// Trains.
  public func run() throws {
    // Before anything is read, so that no signal is missed.
    let recent = RecentCheckpoint()
    let interruption = impatientInterruption(saving: recent, tellsAll: isFirst)
    try Self.ranks?.compare([("program", try ownChecksum())])
    let recorded = try options.recorded()
    let name = try options.datasetName(recorded)
    // Asked for in a wrong way is said before anything is read.
    _ = try network.choice.architecture(for: name, recorded)
    try options.checkPlaces(
      name, checkpoints: checkpoints, otherwise: Self.checkpointFolders, files: Checkpoints.names)
    let data = try options.readData(name, recorded)
    let architecture = try network.choice.architecture(for: name, recorded, images: data.train)
    let recipe = try options.recipe(
      name, images: data.train.count, for: architecture, recorded)
    let trial = Trial(
      experiment: experiment ?? recorded?.experiment ?? "train", architecture, recipe,
      seed: seed ?? recorded?.seed ?? 0)
    try checkMemory(trial, data)
    try Self.ranks?.compare([
      ("recipe", try description(of: trial, on: data)),
      ("data set", "\(data.train.checksum), \(data.test.checksum)"),
    ])
    // The paper's recipe, or the chapters', without a change.
    let isStandard =
      try recipe
      == TrainingOptions.parse([]).recipe(
        name, images: data.train.count, for: architecture, nil)
      && network.isNamedOnly && options.takesStandardImages && experiment == nil
      && recorded == nil
    try train(trial, on: data, isStandard: isStandard, saving: recent, interruption)
  }

  private func train(
    _ trial: Trial, on data: TrainingData, isStandard: Bool, saving recent: RecentCheckpoint,
    _ interruption: Interruption
  ) throws {
    let trainer = Trainer(
      store: isFirst ? options.openStore() : nil, data: data,
      device: Device(threads: options.threads), ranks: Self.ranks, warn: tell)
    let places = Checkpoints(
      in: folder(for: trial, of: trainer, isStandard: isStandard),
      start: resume ? .require : fresh ? .fresh : .refuse,
      every: checkpointInterval, recent: recent)
    let known =
      !fresh && !FileManager.default.fileExists(atPath: places.last.path)
      ? trainer.finished(trial)?.run : nil
    if Self.ranks?.decidedByFirst({ known != nil }) ?? (known != nil) {
      guard let run = known else { return }
      let id = run.id.prefix(8)
      let isKept = (try? trainer.store?.weights(of: run.id)) != nil
      return tell(
        "The store has this run already, as \(id). "
          + (isKept
            ? "`resnet export --run \(id) --output FILE` writes its network; "
            : "Its network isn't there: a store keeps those of up to 4 MB, and \(places.folder.path.visible) "
              + "has no checkpoint of it. `metrics show \(id)` shows its figures; ")
          + "--fresh trains it again.")
    }
    let lines = EpochLines(json: json)
    let end = limit(trial, images: data.train.count)
    let bar =
      isFirst ? ProgressBar(trial.architecture.name, total: end, unit: "steps") : nil
    defer { bar?.finish() }
    var isLost = false
    do throws(TrainingError) {
      let result = try trainer.train(
        trial, checkpoints: places, upTo: end,
        interruption: interruption,
        onBegin: { bar?.begin(at: $0) },
        onStep: { bar?.advance(to: $0.step, detail: $0.detail) },
        onEpoch: { report in
          guard isFirst else { return }
          bar?.erase()
          lines.print(report)
        }
      )
      isLost = trainer.store?.isReadOnly == false && !result.isStored
      bar?.finish()
      say("Finished. The network is in \(places.last.path).")
      if data.validation == nil {
        say(
          "No images were held out: \(places.best.lastPathComponent) beside it was chosen by its test "
            + "error, which is therefore no fair estimate. --validation N holds some out.")
      }
    } catch {
      bar?.finish()
      switch error {
      case .stopped(let step):
        let whole = trial.recipe.totalSteps(images: data.train.count)
        say(
          "Stopped after step \(step) of \(whole), as asked; --resume goes on from there. "
            + "For a shorter recipe use --total.")
      case .interrupted(let epoch):
        say("Interrupted in epoch \(epoch). Saved in \(places.last.path); --resume continues.")
        throw ExitCode(130)
      default: throw Failure("\(error)")
      }
    }
    if isLost { throw Failure("The run is not in the store, for the reason above.") }
    // Told when it happened; what was trained is saved all the same.
    if lines.loss != nil { throw ExitCode(1) }
  }

  /// Whether this process records, prints and saves.
  private var isFirst: Bool { Self.ranks?.isFirst ?? true }

  /// Says once what all processes know.
  private func say(_ message: String) {
    if isFirst { tell(message) }
  }

  /// All that decides what is trained, and how far.
  private func description(of trial: Trial, on data: TrainingData) throws -> String {
    var configuration = trial.configuration(dataset: data.train.name)
    configuration.hyperparameters.merge(data.preparation) { $1 }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(configuration), as: UTF8.self)
    return text + " until step \(limit(trial, images: data.train.count))"
  }

  /// What tells this program from another build of it.
  private func ownChecksum() throws -> String {
    guard let program = Bundle.main.executableURL else { return "?" }
    return hexadecimal(checksum([UInt8](try readFile(program.path))))
  }

  /// Where its checkpoints are kept.
  private func folder(for trial: Trial, of trainer: Trainer, isStandard: Bool) -> URL {
    if let checkpoints { return URL(fileURLWithPath: checkpoints) }
    let name = "\(trial.architecture.name.lowercased())-\(trainer.data.train.name)-\(trial.seed)"
    let parent = URL(fileURLWithPath: Self.checkpointFolders)
    return isStandard
      ? parent.appendingPathComponent(name)
      : Checkpoints.folder(named: name, in: parent, for: trainer.configuration(of: trial))
  }

  private static let checkpointFolders = "checkpoints"

  /// The step at which this session ends.
  private func limit(_ trial: Trial, images: Int) -> Int {
    let perEpoch = trial.recipe.stepsPerEpoch(images: images)
    let whole = trial.recipe.totalSteps(images: images)
    let asked = min(steps ?? .max, epochs.map { $0 * perEpoch } ?? .max)
    if asked > whole, asked < .max {
      say("The recipe ends after \(whole) steps, before this session would.")
    }
    return min(whole, asked)
  }
}

/// Waits for the step at hand, but no longer than fits into a second. Then the state after one of the
/// steps before has to do: continuing from it gives the same bits.
///
/// - Parameter tellsAll: whether to say so too if there is nothing to save.
func impatientInterruption(
  saving recent: RecentCheckpoint, tellsAll: Bool = true
) -> Interruption {
  Interruption(patience: 0.5) {
    do {
      if let (file, step) = try recent.save() {
        tell("\nInterrupted. Saved after step \(step) in \(file.path); --resume continues.")
      } else if tellsAll {
        tell(
          "\nInterrupted. --resume goes on from the last checkpoint, without one from the start.")
      }
    } catch {
      tell("\nInterrupted. The latest steps can't be saved: \(systemReason(error)).")
    }
    // Not exit(), which would tidy up under the feet of the threads that compute.
    _exit(130)
  }
}
