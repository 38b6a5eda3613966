import Files

/// Why a checkpoint can't be read or written.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// There is no such file.
  case missing(String)
  /// There is nothing to continue in a folder; there is in others beside it.
  case nothing(String, others: [String])
  /// The system doesn't let it be read.
  case unreadable(FileError)
  /// It is something else, or was changed.
  case damaged(String, String)
  /// It is of another training run.
  case other(String, [String])
  /// There is one, and nobody said what to do with it.
  case present(String, step: Int)
  /// Another program trains in its folder, or the folder can't be used.
  case folder(FolderLock.Refusal)
  /// It couldn't be written; there may be one from before.
  case notWritten(FileError, hasEarlier: Bool)

  /// What was wrong and what to do.
  public var description: String {
    switch self {
    case .missing(let file): "There is no checkpoint at \(file.visible)."
    case .nothing(let folder, let others):
      "There is nothing to resume: no checkpoint is in \(folder.visible). "
        + (others.isEmpty
          ? "Begin without --resume, or name its folder with --checkpoints."
          : "There are some in \(others.map(\.visible).joined(separator: ", ")): name their folder with "
            + "--checkpoints, or begin without --resume.")
    case .unreadable(let error): "\(error)"
    case .damaged(let file, let reason):
      "\(file.visible) is not a checkpoint that can be continued: \(reason.visible). "
        + "Remove it, or begin anew with --fresh."
    case .other(let file, let differences):
      "The checkpoint \(file.visible) is of another run: "
        + "\(differences.map(\.visible).joined(separator: "; ")). "
        + "Ask for the same, or begin anew with --fresh, which replaces it."
    case .present(let file, let step):
      "There is a checkpoint of this run at \(file.visible), after step \(step). "
        + "Continue it with --resume, or begin anew with --fresh."
    case .folder(.taken(let folder, let owner)):
      "Another training writes its checkpoints to \(folder.visible): \(owner). "
        + "Wait until it has ended, or use another folder."
    case .folder(.unusable(let error)): "\(error)"
    case .notWritten(let error, let hasEarlier):
      "\(error)" + (hasEarlier ? " The one before is still there; --resume continues from it." : "")
    }
  }
}
