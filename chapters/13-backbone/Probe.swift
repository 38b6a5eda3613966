import MiniTensor
import Networks
import Optimization
import Training

/// The factor of the penalty on the probe's weights: with few labels it has more of them than examples.
let probeDecay: Float = 0.01

/// A linear classifier on frozen features, from scratch: softmax regression with weight decay.
///
/// - Parameters:
///   - train: the features it learns from; all of them in every step.
///   - classes: how many classes there are.
///   - steps: of gradient descent.
/// - Returns: the layer, from features to logits.
func linearProbe(_ train: Features, classes: Int, steps: Int = 150) -> Linear {
  let probe = Linear(train.width, classes)
  // It has one optimum, wherever it starts from.
  probe.weight.value = Tensor([train.width, classes])
  probe.bias.value = Tensor([classes])
  let optimizer = SGD([probe.weight, probe.bias], momentum: 0.9, weightDecay: probeDecay)
  for _ in 0..<steps {
    softmaxCrossEntropy(probe(train.rows, .training), labels: train.labels).backward()
    optimizer.step(learningRate: 0.1)
  }
  return probe
}

/// The error on `test` of the linear probe that learns from `train`.
func probeError(_ train: Features, _ test: Features) -> Double {
  let probe = linearProbe(train, classes: Set(train.labels).count)
  return error(predictedClasses(probe(test.rows, .inference)), test.labels)
}

/// The share of wrong answers.
func error(_ answers: [Int?], _ labels: [Int]) -> Double {
  Double(zip(answers, labels).count { $0 != $1 }) / Double(labels.count)
}

/// The size of the gradient of the loss with its penalty: zero at the optimum.
func probeGradient(_ probe: Linear, _ train: Features) -> Double {
  softmaxCrossEntropy(probe(train.rows, .training), labels: train.labels).backward()
  let squares = [probe.weight, probe.bias].map { parameter in
    let gradient = parameter.gradient! + probeDecay * parameter.value
    parameter.gradient = nil
    return gradient.scalars.reduce(0) { $0 + Double($1) * Double($1) }
  }
  return squares.reduce(0, +).squareRoot()
}
