import MiniTensor
import Networks

/// What a block with made-up values passes on after a reader has changed it.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`, not negative.
///   - seed: decides the block's values.
///   - change: what is done to the block.
/// - Returns: its output in inference mode.
public func output(
  of input: Tensor, seed: Int, after change: (BasicBlock) throws -> Void
) throws -> Tensor {
  let block = BasicBlock(input.shape[3], input.shape[3], shortcut: .A)
  block.makeUp(seed: seed)
  try change(block)
  return block(input, .inference)
}
