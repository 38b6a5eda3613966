import ArgumentParser
import Networks

/// The options that say which variant of a named network is meant.
struct VariantOptions: ParsableArguments {
  @Option(help: "The shortcuts: A, B or C. Without it A for small images, B for ImageNet.")
  var shortcut: Shortcut?

  @Option(
    help:
      "Where bottlenecks halve the image: first1x1 as in the paper, middle3x3 as in torchvision.")
  var bottleneckStride: BottleneckStride?
}

/// How many channels the first stage of a network may be given.
let networkWidths = 1...4096

extension Shortcut: ExpressibleByArgument {}
extension BottleneckStride: ExpressibleByArgument {}
