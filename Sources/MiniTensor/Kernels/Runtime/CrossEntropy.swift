import ElementaryFunctions

/// The mean cross-entropy and the softmax probabilities, `[batch, classes]`.
func softmaxAndLoss(_ logits: Tensor, _ labels: [Int]) -> (loss: Tensor, probabilities: Tensor) {
  let (batch, classes) = (logits.shape[0], logits.shape[1])
  let probabilities = Tensor(uninitialized: logits.shape)
  let output = probabilities.freshElements
  for row in 0..<batch {
    let row = row * classes..<(row + 1) * classes
    var largest = -Float.infinity
    for index in row { largest = max(largest, logits.elements[index]) }
    for index in row { output[index] = logits.elements[index] - largest }
  }
  var total = 0.0
  for row in 0..<batch { total -= Double(output[row * classes + labels[row]]) }
  // All of them in one loop, which the compiler makes one of vectors.
  for index in 0..<batch * classes { output[index] = .exp(output[index]) }
  for row in 0..<batch {
    let row = row * classes..<(row + 1) * classes
    var sum = 0.0
    for index in row { sum += Double(output[index]) }
    for index in row { output[index] = Float(Double(output[index]) / sum) }
    total += .log(sum)
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
