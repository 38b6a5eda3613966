// What the playground says, in the languages of the book.
const playgroundWords = {
  en: {
    start: '▶ Start', pause: '❚❚ Pause', stepButton: 'Step', rewind: '⟲ Rewind', depth: 'Depth', shortcut: 'Shortcut',
    none: 'none', width: 'Width', rate: 'Learning rate', seed: 'Seed', normalization: 'Normalisation', plain: 'plain',
    residual: 'residual', trainingSet: 'training digits', testSet: 'test digits', epoch: 'epoch', step: 'step',
    loss: 'loss', convolution: 'convolution, from first to last', norm: 'norm',
    errorChart: 'Error after each epoch', lossChart: 'Loss of each step, smoothed',
    normChart: 'Gradient norm of each convolution', copy: 'Copy', copied: 'Copied.', results: 'Results:',
    ready: 'Ready.', nothing: 'nothing yet.',
    difference: 'Each network is trained by the Swift of this package, compiled for WebAssembly, on the 1,437 digits that '
      + 'come with it; its recipe is that of chapters 6 and 9: 20 epochs in steps of 64 images. The same settings give '
      + 'the same curve each time. The command beside a network trains it in the terminal, where the last bits differ: a '
      + 'processor multiplies and adds with one rounding (fused), WebAssembly with two. In plain-20 that is '
      + 'enough for a loss of 5.5 instead of 24.8 after the first epoch (seed 0), and at the end for test errors of 2.2, 1.9 '
      + 'and 2.5 % instead of 1.9, 2.2 and 1.7 % (seeds 0, 1 and 2).',
    noCommand: 'The terminal has no option that leaves normalisation out.',
    progress: 'How far {0} is', parameters: '{0} parameters', steps: 'step {0} of {1}', lossNow: 'loss {0}',
    errors: 'error {0}, on test digits {1}', speed: '{0} images per second', left: '{0} s left',
    diverged: 'The loss is not a number any more: a lower learning rate usually helps.',
    divergedShort: '{0} has diverged.', score: '{0}: training error {1}, test error {2}.', after: 'After epoch {0}.',
    started: 'Training.', paused: 'Paused.', finished: 'Finished.', rewound: 'Back at the first weights of seed {0}.',
    broken: 'A worker failed: {0}',
    diagram: '{0}: a convolution, then three stages of {1} blocks.',
    diagramNorms: 'Gradient norms from {0} to {1}.', normsNow: '{0}: from {1} at the first convolution to {2} at the last.',
    digit: 'Digit', filter: 'Filter', stride: 'Stride', padding: 'Padding', input: 'Input', output: 'Output',
    filters: { vertical: 'vertical edges', horizontal: 'horizontal edges', corner: 'spots', mean: 'sum of nine', same: 'identity' },
    weight: 'Weight in row {0}, column {1}', outputPixel: 'Pixel of the output', inputDescription: 'A {0} of 8 by 8 pixels',
    outputText: 'row {0}, column {1}: {2}',
    pad: 'Draw a digit with a pointer. With keys: arrows move the pen, space sets it down and lifts it, Delete clears.',
    seenImage: 'Your drawing in 8 by 8 pixels', drawHere: 'Draw a digit here', whatItSees: 'What the network sees',
    clear: 'Clear', anotherDigit: 'A test digit', drawFirst: 'Draw a digit.', penDown: 'Pen down.', penUp: 'Pen up.',
    answer: 'ResNet-20 takes it for a {0} ({1}).', truth: 'It is a {0}.',
    firstMaps: 'First convolution: {0} maps of {1}×{1}', stageMaps: 'Stage {0}: {1} maps of {2}×{2}',
    operateHint: 'The nine blocks of a trained ResNet-20. Press a block to delete it, an arrow to exchange two neighbours. '
      + 'The first blocks of stages 2 and 3 change the shape, so nothing can take their place.',
    restore: '⟲ Restore', stage: 'stage {0}', deleteBlock: 'Block {0}: delete', fixedBlock: 'Block {0} changes the shape and has to stay',
    swapBlocks: 'Exchange places {0} and {1}',
    operated: 'Test error {0}: {1} of {2} digits are taken for others. Whole, the network has {3}.',
    testDigits: 'The {0} test digits; red are those that it takes for another', mistake: '{0} taken for {1}',
    testPicture: '{0} of {1} test digits are red',
  },
  ko: {
    start: '▶ 시작', pause: '❚❚ 멈춤', stepButton: '한 단계', rewind: '⟲ 처음으로', depth: '깊이', shortcut: '숏컷',
    none: '없음', width: '너비', rate: '학습률', seed: '시드', normalization: '정규화', plain: '일반 네트워크',
    residual: '잔차 네트워크', trainingSet: '훈련 세트', testSet: '테스트 세트', epoch: '에포크', step: '스텝',
    loss: '손실', convolution: '합성곱, 처음부터 끝까지', norm: '노름',
    errorChart: '에포크별 오차', lossChart: '스텝별 손실(평활화)', normChart: '합성곱별 기울기 노름',
    copy: '복사', copied: '복사했습니다.', results: '결과:', ready: '준비되었습니다.', nothing: '아직 없습니다.',
    difference: '네트워크는 모두 이 패키지의 Swift 코드를 WebAssembly로 컴파일해 훈련하며, 함께 들어 있는 숫자 1,437개를 '
      + '씁니다. 훈련 방법은 6장, 9장과 같습니다. 한 스텝에 이미지 64장씩, 20에포크입니다. 설정이 같으면 곡선도 언제나 같습니다. '
      + '네트워크 옆의 명령은 같은 것을 터미널에서 훈련하지만 마지막 비트가 다릅니다. 프로세서는 곱셈과 덧셈을 한 번의 반올림으로 '
      + '하고(FMA), WebAssembly는 두 번 반올림하기 때문입니다. plain-20에서는 이것만으로 첫 에포크 뒤의 손실이 24.8이 아니라 '
      + '5.5가 되고(시드 0), 마지막 테스트 오차는 1.9, 2.2, 1.7 %가 아니라 2.2, 1.9, 2.5 %가 됩니다(시드 0, 1, 2).',
    noCommand: '터미널에는 정규화를 빼는 옵션이 없습니다.',
    progress: '{0}의 진행', parameters: '매개변수 {0}개', steps: '{1}스텝 중 {0}스텝', lossNow: '손실 {0}',
    errors: '오차 {0}, 테스트 세트에서 {1}', speed: '초당 이미지 {0}개', left: '{0}초 남음',
    diverged: '손실이 더는 수가 아닙니다. 대개 학습률을 낮추면 나아집니다.',
    divergedShort: '{0}: 발산했습니다.', score: '{0}: 훈련 오차 {1}, 테스트 오차 {2}.', after: '{0}에포크 뒤.',
    started: '훈련합니다.', paused: '멈췄습니다.', finished: '끝났습니다.', rewound: '시드 {0}의 처음 가중치로 돌아왔습니다.',
    broken: '워커에 오류가 났습니다: {0}',
    diagram: '{0}: 합성곱 하나와, 블록이 {1}개인 스테이지 세 개.',
    diagramNorms: '기울기 노름은 {0}에서 {1}까지입니다.', normsNow: '{0}: 첫 합성곱에서 {1}, 마지막에서 {2}.',
    digit: '숫자', filter: '필터', stride: '스트라이드', padding: '패딩', input: '입력', output: '출력',
    filters: { vertical: '세로 윤곽선', horizontal: '가로 윤곽선', corner: '점', mean: '아홉 개의 합', same: '항등' },
    weight: '{0}행 {1}열의 가중치', outputPixel: '출력의 픽셀', inputDescription: '8×8 픽셀의 숫자 {0}',
    outputText: '{0}행 {1}열: {2}',
    pad: '포인터로 숫자를 그립니다. 키보드로는 화살표로 펜을 옮기고, 스페이스로 펜을 대거나 떼고, Delete로 지웁니다.',
    seenImage: '8×8 픽셀로 본 그림', drawHere: '여기에 숫자를 그리세요', whatItSees: '네트워크가 보는 것',
    clear: '지우기', anotherDigit: '테스트 숫자', drawFirst: '숫자를 그리세요.', penDown: '펜을 댔습니다.', penUp: '펜을 뗐습니다.',
    answer: 'ResNet-20의 답은 {0}입니다({1}).', truth: '실제로는 {0}입니다.',
    firstMaps: '첫 합성곱: {1}×{1} 맵 {0}개', stageMaps: '스테이지 {0}: {2}×{2} 맵 {1}개',
    operateHint: '훈련된 ResNet-20의 블록 아홉 개입니다. 블록을 누르면 지워지고, 화살표를 누르면 이웃한 둘이 자리를 바꿉니다. '
      + '스테이지 2와 3의 첫 블록은 모양을 바꾸므로 그 자리를 다른 것이 대신할 수 없습니다.',
    restore: '⟲ 되돌리기', stage: '스테이지 {0}', deleteBlock: '블록 {0} 지우기', fixedBlock: '블록 {0}: 모양을 바꾸므로 지울 수 없습니다',
    swapBlocks: '{0}번째와 {1}번째 자리 바꾸기',
    operated: '테스트 오차 {0}: 숫자 {2}개 가운데 {1}개를 다른 숫자로 봅니다. 온전할 때는 {3}입니다.',
    testDigits: '테스트 숫자 {0}개. 다른 숫자로 본 것은 빨간색입니다', mistake: '{0} → {1}',
    testPicture: '테스트 숫자 {1}개 가운데 {0}개가 빨간색입니다',
  },
};
