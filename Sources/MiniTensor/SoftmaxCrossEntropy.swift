/// The mean over a batch of the cross-entropy between the softmax of the logits and the true class.
///
/// - Parameters:
///   - logits: `[batch, classes]`.
///   - labels: the true class of each row, `0 ..< classes`.
/// - Returns: a scalar, in nats.
/// - Precondition: one label a row, each within the classes.
/// - Note: the largest logit of a row is subtracted first, so large logits don't overflow.
public func softmaxCrossEntropy(_ logits: Tensor, labels: [Int]) -> Tensor {
  precondition(
    logits.shape.count == 2 && logits.shape[0] == labels.count,
    "\(labels.count) labels for logits of shape \(logits.shape).")
  let classes = logits.shape[1]
  precondition(
    labels.allSatisfy { (0..<classes).contains($0) },
    "There are only \(classes) classes: \(labels).")
  let (loss, probabilities) = softmaxAndLoss(logits, labels)
  return loss.recorded(from: [logits]) { gradient in
    [softmaxGradient(probabilities, labels, factor: gradient.scalar)]
  }
}
