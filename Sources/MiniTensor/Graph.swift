/// One step of a computation that can be differentiated: its inputs and its backward pass.
final class Node {
  /// From the gradient of the output, which it may overwrite because nobody else needs it, the
  /// gradients of the inputs (nil where none is needed). The node is that of the operation itself.
  typealias Backward = (inout Tensor, Node) -> [Tensor?]

  var inputs: [Node?]
  var backward: Backward?
  var gradient: Tensor?
  /// What this node's backward pass has to know of its whole gradient before it begins, if that can be measured
  /// where the gradient is written.
  var sums: GradientSums?
  /// Computes the output again, if that takes little and the output needn't be kept for the backward pass of what
  /// reads it.
  var remake: (() -> Tensor)?
  /// How many gradients are still to be added to this node's, while a backward pass goes on.
  fileprivate var expected = 0
  /// The parameter that this node stands for, if it is a leaf.
  let parameter: Parameter?
  /// Whether the search for an order, while it goes on, has met this node.
  fileprivate var isFound = false

  init(inputs: [Node?], sums: GradientSums?, backward: @escaping Backward) {
    self.inputs = inputs
    self.sums = sums
    self.backward = backward
    parameter = nil
  }

  init(_ parameter: Parameter) {
    inputs = []
    self.parameter = parameter
  }

  /// Gives, and takes away, the gradient that already waits at an input: for an operation that can add to it
  /// in its backward pass.
  func waiting(_ input: Int) -> Tensor? { inputs[input]?.gradient.take() }

  /// What is to be measured of an input's gradient, if this operation is the last to add to it.
  func sums(ofInput input: Int) -> GradientSums? {
    guard let input = inputs[input], input.expected == 1 else { return nil }
    return input.sums
  }

  deinit {
    // A history without a backward pass is taken apart here, one node after the other: freeing
    // each node from within the next would overflow the stack on a chain of many thousand operations.
    var unused = inputs
    inputs = []
    while var node = unused.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      unused += node!.inputs
      node!.inputs = []
    }
  }
}

extension Tensor {
  /// Whether a gradient can flow through this tensor to a parameter.
  public var isTracked: Bool { node != nil }

  /// This tensor with the memory of how it was computed, if one of the inputs is tracked.
  func recorded(
    from inputs: [Tensor], backward: @escaping (inout Tensor) -> [Tensor?]
  ) -> Tensor {
    recorded(from: inputs) { gradient, _ in backward(&gradient) }
  }

  /// The same for an operation that can add to the gradients of its inputs, or wants its own measured.
  func recorded(
    from inputs: [Tensor], sums: GradientSums? = nil, backward: @escaping Node.Backward
  ) -> Tensor {
    guard inputs.contains(where: { $0.isTracked }) else { return self }
    let node = Node(inputs: inputs.map { $0.node }, sums: sums, backward: backward)
    return Tensor(shape: shape, storage: storage, node: node)
  }

  /// Computes the gradient of this scalar with respect to every parameter it was computed from, and
  /// adds it to `Parameter.gradient`.
  ///
  /// The history is used up: what each operation kept is freed as soon as its gradient has passed.
  ///
  /// - Precondition: the tensor has one element, and no other backward() has used up its history.
  public func backward() {
    precondition(count == 1, "backward() starts from a scalar such as a loss, not from \(shape).")
    backward(Tensor(shape, repeating: 1))
  }

  /// Multiplies a gradient of this tensor's shape by the Jacobian of each parameter, from the left,
  /// and adds the products to `Parameter.gradient`.
  ///
  /// - Precondition: the gradient has this tensor's shape, and no other backward() has used up the
  ///   history.
  public func backward(_ gradient: Tensor) {
    precondition(gradient.shape == shape, "A gradient of \(gradient.shape) for \(shape).")
    guard let node else { return }
    let order = topologicalOrder(from: node)
    let shard = Shard.current
    node.gradient = gradient.detached
    for node in order.reversed() {
      let inputs = node.inputs
      defer { for input in inputs { input?.expected -= 1 } }
      guard var gradient = node.gradient.take() else { continue }
      if let parameter = node.parameter {
        parameter.accumulate(gradient)
        shard?.finished(parameter)
      }
      guard let backward = node.backward.take() else {
        precondition(
          node.parameter != nil,
          "The history was used up by an earlier backward(): compute the tensor again.")
        continue
      }
      node.remake = nil
      for (input, contribution) in zip(inputs, backward(&gradient, node)) {
        guard let input, let contribution else { continue }
        if input.gradient == nil {
          input.gradient = contribution
        } else {
          input.gradient!.add(contribution)
        }
      }
      node.inputs = []
    }
  }
}

/// All nodes that lead to `root`, each after the ones it was computed from, and knowing how many gradients it
/// can expect.
private func topologicalOrder(from root: Node) -> [Node] {
  var order: [Node] = []
  root.isFound = true
  // A stack of our own: recursion would overflow the thread's on a network of a thousand layers.
  var stack: [(node: Node, next: Int)] = [(root, 0)]
  while let (node, next) = stack.last {
    if next == node.inputs.count {
      order.append(node)
      stack.removeLast()
    } else {
      stack[stack.count - 1].next += 1
      guard let input = node.inputs[next] else { continue }
      input.expected += 1
      if !input.isFound {
        input.isFound = true
        stack.append((input, 0))
      }
    }
  }
  for node in order { node.isFound = false }
  return order
}
