import ExerciseKit

/// Exercise 1 of chapter 9. Ask the store how fast residual networks learn.
///
/// For every depth, find the first epoch in which the training error of a residual network of that depth
/// (shortcut A) is under 5 %. If the store has several such networks of one depth, it is the first epoch
/// in which any of them is. An error of exactly 5 % isn't under 5 %. A depth that never comes that far has
/// no row.
///
/// The view `learning_curves` has one row per epoch of every run. Among its columns are `depth`,
/// `shortcut` (`'none'`, `'A'` …), `epoch` (from 1) and `train_error` (0.05 is 5 %).
///
/// Say that two networks with shortcut A were trained, one of 8 layers with training errors of 20, 10 and
/// 4 %, one of 20 layers with 30, 2 and 6 %. The answer has two rows: 8 and 3, 20 and 2.
///
/// Your question is asked of stores of made-up runs. Ask it of your own store too: `swift run metrics sql` takes a
/// question in quotation marks. Does that epoch grow with depth? (There, add `AND experiment = 'degradation'`: the
/// twin of this chapter is a residual network of 56 layers too, and is good from its first epoch on.)
///
/// - Returns: one SELECT, whose answer has the columns depth and epoch, in the order of depth.
func firstGoodEpochs() throws -> String {
  // solution
  """
  SELECT depth, min(epoch) AS epoch
  FROM learning_curves
  WHERE shortcut = 'A' AND train_error < 0.05
  GROUP BY depth
  ORDER BY depth
  """
  // end of solution
}

// wrong: Plain networks were counted too
// - WHERE shortcut = 'A' AND
// + WHERE
// wrong: not depths (HAVING)
// -   WHERE shortcut = 'A' AND train_error < 0.05
// -   GROUP BY depth
// +   WHERE shortcut = 'A'
// +   GROUP BY depth HAVING min(train_error) < 0.05
// wrong: the last epoch under 5 %
// - min(epoch)
// + max(epoch)
// wrong: how many epochs
// - min(epoch)
// + count(*)
// wrong: exactly 5 %
// - < 0.05
// + <= 0.05
// wrong: goes by the test error
// - AND train_error < 0.05
// + AND test_error < 0.05
// wrong: It shall have none
// -   SELECT depth, min(epoch) AS epoch
// -   FROM learning_curves
// -   WHERE shortcut = 'A' AND train_error < 0.05
// +   SELECT depth, min(CASE WHEN train_error < 0.05 THEN epoch END) AS epoch
// +   FROM learning_curves
// +   WHERE shortcut = 'A'
// wrong: in the order of the epochs
// - ORDER BY depth
// + ORDER BY min(epoch), depth
// wrong: may be `'B'` or `'C'`
// - shortcut = 'A'
// + shortcut <> 'none'
// wrong: Every error is under 5
// - < 0.05
// + < 5
// wrong: Each epoch under 5 % has a row
// -   SELECT depth, min(epoch) AS epoch
// -   FROM learning_curves
// -   WHERE shortcut = 'A' AND train_error < 0.05
// -   GROUP BY depth
// -   ORDER BY depth
// +   SELECT DISTINCT depth, epoch
// +   FROM learning_curves
// +   WHERE shortcut = 'A' AND train_error < 0.05
// +   ORDER BY depth, epoch
// wrong: Each network has a row
// -   GROUP BY depth
// +   GROUP BY run
// wrong: one row for all depths
// -   GROUP BY depth
// +
// wrong: goes by the mean
// -   FROM learning_curves
// -   WHERE shortcut = 'A' AND train_error < 0.05
// +   FROM (
// +     SELECT depth, epoch, avg(train_error) AS mean FROM learning_curves
// +     WHERE shortcut = 'A' GROUP BY depth, epoch)
// +   WHERE mean < 0.05
