import Commands
import Foundation

// What `resnet-mpi` is where Open MPI wasn't found when the package was described (`Package.swift`).
tell(
  """
  Error: resnet-mpi was built without MPI. Install Open MPI with its headers, as by
    sudo apt-get install -y libopenmpi-dev openmpi-bin pkg-config
  or name the folder with its ompi-c.pc in PKG_CONFIG_PATH, as modules of clusters do, and then build it again:
    touch Package.swift
    swift build -c release --product resnet-mpi
  """)
exit(1)
