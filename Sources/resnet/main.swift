import ResNetCommands

ResNet.runAsProgram()
