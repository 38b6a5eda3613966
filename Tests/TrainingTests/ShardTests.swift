import Datasets
import Foundation
import MiniTensor
import Networks
import RunStore
import Testing

@testable import Training

@Suite("Shards of a batch")
struct ShardTests {
  /// Four steps of 25 images; the last epoch's second step is left out.
  private static func recipe(shards: Int) -> Recipe {
    var recipe = SmallRun.recipe
    recipe.batchSize = 25
    recipe.shards = shards
    recipe.count(steps: 3, images: 50)
    recipe.drops = [2]
    return recipe
  }

  @Test("Every process has the largest branches of its shards, and together they are the tree")
  func branches() {
    #expect(ShardTree(count: 8).branches(within: 0..<8) == [0..<8])
    #expect(ShardTree(count: 8).branches(within: 2..<5) == [2..<4, 4..<5])
    #expect(ShardTree(count: 8).branches(within: 1..<7) == [1..<2, 2..<4, 4..<6, 6..<7])
    for shards in 1...9 {
      for ranks in 1...shards {
        let tree = ShardTree(count: shards)
        let parts = (0..<ranks).map { ShardTree.share($0, of: ranks, among: shards) }
        #expect(parts.flatMap(Array.init) == Array(0..<shards))
        let branches = parts.flatMap(tree.branches)
        #expect(branches.flatMap(Array.init) == Array(0..<shards))
        // The order of additions is that of a process that has all of them.
        func text(_ known: @escaping (Range<Int>) -> String?) -> String {
          tree.value(from: known) { (left: String, right: String) in "(\(left) \(right))" }
        }
        let whole = text { $0.count == 1 ? "\($0.lowerBound)" : nil }
        let parted = text { branch in
          guard branches.contains(branch) else { return nil }
          return tree.value(of: branch, from: { $0.count == 1 ? "\($0.lowerBound)" : nil }) {
            (left: String, right: String) in "(\(left) \(right))"
          }
        }
        #expect(whole == parted)
      }
    }
  }

  @Test("Two parts of a batch have the mean and the squares of the whole")
  func moments() {
    let values = [3.0, -1, 4, 1, -5, 9, 2]
    func moments(_ part: ArraySlice<Double>) -> [Double] {
      let mean = part.reduce(0, +) / Double(part.count)
      return [Double(part.count), mean, part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }]
    }
    let joined = Shard.Joining.moments(moments(values[..<2]), moments(values[2...]))
    for (found, expected) in zip(joined, moments(values[...])) {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test(
    "The gradient of a batch in shards is that of the whole batch, to rounding",
    arguments: [2, 5, 8])
  func gradients(shards: Int) throws {
    func step(_ shards: Int) throws -> TrainingSession {
      let session = try SmallRun.session(Self.recipe(shards: shards))
      try session.run(upTo: 1)
      return session
    }
    let (whole, parted) = (try step(1), try step(shards))
    for (one, other) in zip(whole.optimizer.state[0].tensors, parted.optimizer.state[0].tensors) {
      for (a, b) in zip(one.scalars, other.scalars) { #expect(abs(a - b) <= 1e-5 + 1e-4 * abs(a)) }
    }
    for (one, other) in zip(whole.network.statistics, parted.network.statistics) {
      for (a, b) in zip(one.running.variance.scalars, other.running.variance.scalars) {
        #expect(abs(a - b) <= 1e-6)
      }
    }
    #expect(whole.progress.recentError == parted.progress.recentError)
  }

  @Test("Threads don't change a bit", arguments: [2, 3, 8])
  func threads(shards: Int) throws {
    let outcomes = try [1, 2, 3, 16].map { threads in
      let session = try SmallRun.session(Self.recipe(shards: shards), threads: threads)
      try session.run()
      return session.outcome
    }
    #expect(outcomes.dropFirst().allSatisfy { $0 == outcomes[0] })
  }

  @Test("Processes don't change a bit, and one that is slow doesn't either", arguments: 1...8)
  func ranks(count: Int) throws {
    let alone = try SmallRun.session(Self.recipe(shards: 8))
    try alone.run()
    let expected = alone.outcome
    let outcomes = try ThreadRanks.run(count, slow: count - 1) { ranks in
      let session = try SmallRun.session(
        Self.recipe(shards: 8), threads: 1 + ranks.index % 3, ranks: ranks)
      try session.run()
      return session.outcome
    }
    for outcome in outcomes { #expect(outcome == expected) }
  }

  @Test("A run that some processes left is continued by another number of them")
  func resumed() throws {
    let alone = try SmallRun.session(Self.recipe(shards: 4))
    try alone.run()
    let expected = alone.outcome
    let configuration = SmallRun.trainer.configuration(
      of: try SmallRun.trial(Self.recipe(shards: 4)))
    let left = try ThreadRanks.run(3) { ranks in
      let session = try SmallRun.session(Self.recipe(shards: 4), ranks: ranks)
      try session.run(upTo: 1)
      return Checkpoint(of: session, configuration: configuration).encoded()
    }
    let outcomes = try ThreadRanks.run(2) { ranks in
      let session = try SmallRun.session(Self.recipe(shards: 4), ranks: ranks)
      try Checkpoint(left[0]).restore(session, from: URL(fileURLWithPath: "left"))
      try session.run()
      return session.outcome
    }
    for outcome in outcomes { #expect(outcome == expected) }
  }

  @Test(
    "Shards that are normalised by themselves are another network, and fast sums agree with its gradients"
  )
  func ownStatistics() throws {
    var recipe = Self.recipe(shards: 4)
    recipe.statistics = .shard
    let (alone, shared) = (
      try SmallRun.session(recipe), try SmallRun.session(Self.recipe(shards: 4))
    )
    try alone.run(upTo: 1)
    try shared.run(upTo: 1)
    let velocities = alone.optimizer.state[0].tensors.map(\.scalars)
    #expect(
      zip(velocities.joined(), shared.optimizer.state[0].tensors.flatMap(\.scalars))
        .contains { abs($0 - $1) > 1e-3 })
    recipe.allReduceRanks = 2
    let found = try ThreadRanks.run(2) { [recipe] ranks in
      let session = try SmallRun.session(recipe, ranks: ranks)
      try session.run(upTo: 1)
      return session.optimizer.state[0].tensors.map(\.scalars)
    }
    #expect(found[0] == found[1])
    for (a, b) in zip(found[0].joined(), velocities.joined()) { #expect(abs(a - b) < 1e-5) }
  }

  /// Eight shards with statistics of their own.
  private static func ownStatistics(allReduceRanks: Int? = nil) -> Recipe {
    var recipe = Self.recipe(shards: 8)
    recipe.statistics = .shard
    recipe.allReduceRanks = allReduceRanks
    return recipe
  }

  @Test(
    "Processes don't change a bit of such shards either, unless their gradients are added up by all-reduce",
    arguments: [2, 3, 5])
  func orders(count: Int) throws {
    let alone = try SmallRun.session(Self.ownStatistics())
    try alone.run()
    let expected = alone.outcome
    func outcomes(_ recipe: Recipe) throws -> [TrainingSession.Outcome] {
      try ThreadRanks.run(count) { ranks in
        let session = try SmallRun.session(recipe, ranks: ranks)
        try session.run()
        return session.outcome
      }
    }
    for outcome in try outcomes(Self.ownStatistics()) { #expect(outcome == expected) }
    let reduced = try outcomes(Self.ownStatistics(allReduceRanks: count))
    #expect(reduced.allSatisfy { $0 == reduced[0] })
    // Two halves are added up as in the tree, whoever adds them.
    #expect(count == 2 || reduced[0] != expected)
  }

  @Test("All processes stop when one of them is told to")
  func interrupted() throws {
    let steps = try ThreadRanks.run(3) { ranks in
      [ranks.any(ranks.index == 1), ranks.any(false)]
    }
    #expect(steps == [[true, false], [true, false], [true, false]])
  }

  @Test("Ranks that differ are refused everywhere, with what differs")
  func different() throws {
    let errors = try ThreadRanks.run(3) { ranks -> RanksError? in
      do {
        try ranks.compare([("program", "x"), ("data set", ranks.index == 2 ? "b" : "a")])
        return nil
      } catch { return error as? RanksError }
    }
    for error in errors {
      #expect(
        error?.description.hasPrefix("Rank 2 of 3 has another data set than rank 0: b, not a.")
          == true)
    }
  }

  @Test("Too many shards or processes are refused")
  func tooMany() throws {
    func refusal(shards: Int, ranks: Int) throws -> String {
      var recipe = Self.recipe(shards: shards)
      recipe.batchSize = 12
      let architecture = try SmallRun.trial(recipe).architecture
      do throws(TrainingError) {
        try check(
          architecture, recipe, SmallRun.data.train, ranks: ranks)
        return ""
      } catch { return error.description }
    }
    #expect(try refusal(shards: 2, ranks: 2).isEmpty)
    #expect(try refusal(shards: 3, ranks: 1).contains("batch of 2 images"))
    #expect(try refusal(shards: 2, ranks: 3).contains("--shards 3"))
  }

  @Test("A recipe of all-reduce is followed by as many processes as it says", arguments: 1...5)
  func otherRanks(count: Int) throws {
    let recipe = Self.ownStatistics(allReduceRanks: 4)
    let architecture = try SmallRun.trial(recipe).architecture
    do throws(TrainingError) {
      try check(architecture, recipe, SmallRun.data.train, ranks: count)
      #expect(count == 4)
    } catch {
      let there = count == 1 ? "this is one" : "these are \(count)"
      #expect(error.description.contains("all-reduce over 4 processes"))
      #expect(error.description.contains("\(there). Start 4,") && count != 4)
    }
  }

  @Test("A checkpoint of sums by all-reduce is of another run for another number of processes")
  func resumedByOthers() throws {
    func configuration(_ ranks: Int?) throws -> RunConfiguration {
      SmallRun.trainer.configuration(
        of: try SmallRun.trial(Self.ownStatistics(allReduceRanks: ranks)))
    }
    let scratch = try Scratch()
    let places = Checkpoints(in: scratch.url, start: .require)
    let left = try configuration(2)
    let bytes = try ThreadRanks.run(2) { ranks in
      let session = try SmallRun.session(Self.ownStatistics(allReduceRanks: 2), ranks: ranks)
      try session.run(upTo: 1)
      return Checkpoint(of: session, configuration: left).encoded()
    }
    try bytes[0].write(to: places.last)
    let session = try SmallRun.session(Self.ownStatistics())
    let others: [(Int?, String)] = [
      (3, "by all-reduce over 3 processes"), (nil, "in the order of the shards"),
    ]
    for (ranks, order) in others {
      let error = #expect(throws: CheckpointError.self) {
        _ = try places.begin(session, configuration: try configuration(ranks))
      }
      #expect(
        error?.description.contains(
          "its gradients are added up by all-reduce over 2 processes, not \(order), and") == true,
        "\(error?.description ?? "")")
      #expect(session.progress.step == 0)
    }
    // Whoever doesn't name a folder meets it too.
    let folders = try [2, 3, nil].map {
      Checkpoints.folder(named: "run", in: scratch.url, for: try configuration($0))
    }
    #expect(Set(folders).count == 1)
    _ = try places.begin(session, configuration: left)
    #expect(session.progress.step == 1)
  }

  @Test("Shards are part of the recipe, and one is not named")
  func recorded() throws {
    #expect(Self.recipe(shards: 1).hyperparameters["shards"] == nil)
    var recipe = Self.recipe(shards: 4)
    recipe.statistics = .shard
    #expect(try Recipe(recipe.hyperparameters) == recipe)
  }

  @Test("The number of processes is part of the recipe where they all-reduce, and of no other")
  func recordedRanks() throws {
    let (tree, two, four) = (
      Self.ownStatistics(), Self.ownStatistics(allReduceRanks: 2),
      Self.ownStatistics(allReduceRanks: 4)
    )
    // A run that was recorded before there was such a number is still found.
    let recorded = Self.recipe(shards: 1).hyperparameters.merging([
      "shards": 8, "normalized_over": "shard",
    ]) { $1 }
    #expect(tree.hyperparameters == recorded)
    #expect(
      four.hyperparameters == recorded.merging(["all_reduce_ranks": 4]) { $1 })
    for recipe in [tree, two, four] { #expect(try Recipe(recipe.hyperparameters) == recipe) }
    #expect(Recipe.keys.contains("all_reduce_ranks"))
    // One piece is added up by nobody.
    var whole = four
    whole.shards = 1
    #expect(whole.hyperparameters == Self.recipe(shards: 1).hyperparameters)
  }
}
