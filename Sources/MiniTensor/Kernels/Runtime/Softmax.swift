import Foundation

/// The mean cross-entropy and the softmax probabilities, `[batch, classes]`.
func softmaxAndLoss(_ logits: Tensor, _ labels: [Int]) -> (loss: Tensor, probabilities: Tensor) {
  let (batch, classes) = (logits.shape[0], logits.shape[1])
  let probabilities = Tensor(uninitialized: logits.shape)
  var total = 0.0
  for row in 0..<batch {
    let input = logits.elements + row * classes
    let output = probabilities.freshElements + row * classes
    var largest = -Float.infinity
    for index in 0..<classes { largest = max(largest, input[index]) }
    var sum = 0.0
    for index in 0..<classes {
      output[index] = exp(input[index] - largest)
      sum += Double(output[index])
    }
    for index in 0..<classes { output[index] = Float(Double(output[index]) / sum) }
    total += log(sum) - Double(input[labels[row]] - largest)
  }
  return (Tensor([], [Float(total / Double(batch))]), probabilities)
}

/// The gradient of the mean cross-entropy: (softmax − one-hot) / batch.
func softmaxGradient(_ probabilities: Tensor, _ labels: [Int], factor: Float) -> Tensor {
  let (batch, classes) = (probabilities.shape[0], probabilities.shape[1])
  let scale = factor / Float(batch)
  let result = Tensor(uninitialized: probabilities.shape)
  for index in 0..<batch * classes {
    result.freshElements[index] = probabilities.elements[index] * scale
  }
  for row in 0..<batch { result.freshElements[row * classes + labels[row]] -= scale }
  return result
}
