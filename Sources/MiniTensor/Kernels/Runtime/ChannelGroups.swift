/// Channels in groups of one vector: sixteen, and what is left over in a vector of eight if that is enough.
///
///     5 channels    [·····   ]
///     33 channels   [················|················|·       ]
struct ChannelGroups {
  let channels: Int

  var count: Int { (channels + WideVector.scalarCount - 1) / WideVector.scalarCount }

  /// The lanes of a group's vector.
  func width(_ group: Int) -> Int {
    let left = channels - group * WideVector.scalarCount
    return left <= NarrowVector.scalarCount ? NarrowVector.scalarCount : WideVector.scalarCount
  }

  /// The channels of a group.
  func channels(_ group: Int) -> Range<Int> {
    group * WideVector.scalarCount..<min(channels, (group + 1) * WideVector.scalarCount)
  }
}
