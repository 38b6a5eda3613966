import ExerciseKit

/// Exercise 6 of chapter 4. How much an error means.
///
/// Suppose that a network misreads each image with the same probability $q$, independently of the others. Tried on $n$
/// images, it misreads about $qn$, but rarely just as many: the count has the variance $n q (1 - q)$. On other images
/// of the same kind the same network would get another error.
///
/// By how much does the *error*, the share of images that are misread, vary? Give its standard deviation.
///
/// For example, if it misreads every second image and is tried on 4 of them, the count has the variance 1, and the
/// error the standard deviation 0.25.
///
/// - Parameters:
///   - q: the probability that an image is misread, 0 … 1.
///   - images: how many images it is tried on, at least 1.
/// - Returns: the standard deviation of the share of images that are misread.
func errorDeviation(_ q: Double, images: Int) throws -> Double {
  // TODO: write this function.
  throw Unsolved()
}
