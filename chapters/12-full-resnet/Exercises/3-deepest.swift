import ExerciseKit

/// Exercise 3 of chapter 12. The depth that a budget of parameters allows.
///
/// The networks of section 4.2 have $6n + 2$ layers, for $n$ = 1, 2, 3 …: a convolution from 3 to 16 channels, then three
/// stages of $n$ blocks of two convolutions with 16, 32 and 64 channels, and a linear layer from 64 numbers to 10 with a
/// bias. A convolution from $a$ to $b$ channels learns $9ab$ numbers, and the normalisation behind each of them $2b$. The
/// first convolution of a stage takes the channels of the stage before. The shortcuts learn nothing.
///
/// How deep may a network be that has no more than so many parameters? For example, the one of 8 layers has 75,290, so
/// with 75,290 the answer is 8 and with 75,289 there is none.
///
/// - Parameter parameters: how many there may be.
/// - Returns: the depth $6n + 2$ of the deepest network that has no more; nil if even 8 layers have more.
func deepest(parameters: Int) throws -> Int? {
  // TODO: write this function.
  throw Unsolved()
}
