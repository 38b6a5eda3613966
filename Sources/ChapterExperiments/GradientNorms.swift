import Charts
import Datasets
import MiniTensor
import Networks

extension CifarNetwork {
  /// The norm of the gradient of each 3x3 convolution's filters, from the first to the last.
  ///
  /// The network is in training mode; its running statistics are what they were before.
  ///
  /// - Parameter data: one batch.
  public func gradientNorms(on data: Dataset) -> [Double] {
    let network = copied()
    softmaxCrossEntropy(network(data.images, .training), labels: data.labels).backward()
    return network.convolutions.map { norm($0.weight.gradient!) }
  }

  /// The norm of each 3x3 convolution's filters, from the first to the last.
  public var weightNorms: [Double] { convolutions.map { norm($0.weight.value) } }

  private var convolutions: [Conv2d] {
    [conv1] + stages.joined().flatMap { [$0.conv1, $0.conv2] }
  }

  private func norm(_ tensor: Tensor) -> Double {
    Double(sum(tensor * tensor).scalar).squareRoot()
  }
}

/// Numbers measured at each of a network's convolutions, one line a network, on a logarithmic axis.
public func byConvolution(
  _ title: String, _ quantity: String, _ lines: [(name: String, hue: Hue, values: [Double])]
) -> LineChart {
  let last = lines.map(\.values.count).max() ?? 1
  return LineChart(
    title,
    x: Axis(
      "convolution, from first to last",
      ticks: [1, (last + 1) / 3, (2 * last + 2) / 3, last].map(Double.init)),
    y: Axis(quantity, scale: .log),
    series: lines.map { line in
      Series(
        line.name, line.values.enumerated().map { Point(Double($0 + 1), $1) },
        color: .hue(line.hue))
    })
}
