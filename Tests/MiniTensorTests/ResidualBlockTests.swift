import MiniTensor
import Testing

/// The operations together, as in a block of a residual network.
@Suite struct ResidualBlockTests {
  @Test(
    "A block with or without a shortcut agrees with PyTorch, its gradients too",
    arguments: try VectorCase.all(in: "basicBlock"), [false, true])
  func pyTorch(_ vectors: VectorCase, fused: Bool) {
    let parameters = vectors.parameters
    vectors.expectAgreement { inputs in
      var statistics: [String: BatchStatistics] = [:]
      func norm(_ name: String, _ x: Tensor, adding: Tensor? = nil, relu: Bool = false) -> Tensor {
        let (output, batch) = batchNorm(
          x, scale: inputs["\(name).weight"]!, shift: inputs["\(name).bias"]!,
          epsilon: parameters.epsilon!, adding: adding, relu: relu)
        statistics[name] = batch
        return output
      }
      let (x, stride) = (inputs["input"]!, parameters.stride!)
      let filters = inputs["conv2.weight"]!
      let shortcut: Tensor? =
        switch parameters.shortcut! {
        case "none": nil
        case "A": zeroPaddedShortcut(x, stride: stride, channels: filters.shape[3])
        default: norm("downsample.1", conv2d(x, inputs["downsample.0.weight"]!, stride: stride))
        }
      let first = conv2d(x, inputs["conv1.weight"]!, stride: stride, padding: 1)
      let result: Tensor
      if fused {
        let hidden = norm("bn1", first, relu: true)
        result = norm("bn2", conv2d(hidden, filters, padding: 1), adding: shortcut, relu: true)
      } else {
        let residual = norm("bn2", conv2d(relu(norm("bn1", first)), filters, padding: 1))
        result = relu(shortcut.map { add(residual, $0) } ?? residual)
      }
      for (name, batch) in statistics {
        let running = RunningStatistics(
          channels: batch.mean.count, momentum: parameters.momentum!)
        running.update(with: batch)
        vectors.expectClose(
          running.mean, vectors.outputs["\(name).running_mean"]!, "\(name)'s running mean")
        vectors.expectClose(
          running.variance, vectors.outputs["\(name).running_var"]!, "\(name)'s running variance")
      }
      return result
    }
  }
}
