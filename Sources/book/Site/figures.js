/* Line charts answer for their numbers: point at a curve, or focus the figure and use the arrow keys. Lines can be
   left out, a seed be chosen, and the axis be linear or logarithmic. The values are read from the drawing: two ticks give
   a scale. */
(function () {
  'use strict';
  const words = JSON.parse(document.getElementById('ui-words').textContent);

  function make(name, attributes, ...children) {
    const element = name.startsWith('svg:')
      ? document.createElementNS('http://www.w3.org/2000/svg', name.slice(4)) : document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  }

  /** `43.5 %`, `10⁻⁸`, `2·10⁵`, `−4`; NaN for what isn't a number. */
  function number(text) {
    const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';
    const plain = text.replace(/ %$/, '').replace(/,/g, '').replace('−', '-').replace('·10', 'e').replace(/^10(?=[⁻⁰¹²³⁴-⁹])/, '1e')
      .replace(/[⁻⁰¹²³⁴-⁹]/g, (sign) => sign === '⁻' ? '-' : raised.indexOf(sign));
    return plain.trim() === '' ? NaN : Number(plain);
  }

  const coordinate = (value) => String(Math.round(value * 100) / 100);

  /** A scale through ticks `{ place, value }`: from places to values and back. */
  function scale(ticks, isLog) {
    const to = isLog ? Math.log10 : (value) => value, from = isLog ? (value) => 10 ** value : (value) => value;
    const [first, last] = [ticks[0], ticks[ticks.length - 1]];
    const slope = (to(last.value) - to(first.value)) / (last.place - first.place);
    return {
      isLog,
      value: (place) => from(to(first.value) + (place - first.place) * slope),
      place: (value) => first.place + (to(value) - to(first.value)) / slope,
    };
  }

  /** Whether ticks are equally far apart in their logarithms, not in themselves. */
  function areLogarithmic(ticks) {
    if (ticks.some((tick) => tick.value <= 0)) return false;
    if (ticks.length < 3) return ticks.some((tick) => /[⁻⁰¹²³⁴-⁹]/.test(tick.text));
    const [a, b, c] = ticks;
    const gap = (c.place - b.place) / (b.place - a.place);
    return Math.abs((c.value - b.value) / (b.value - a.value) - gap) > 0.01 * gap;
  }

  /** A path with new heights. Points without one interrupt it; in an area they lie on the lower edge. */
  function mapped(path, height, edge) {
    let isOpen = false;
    return path.replace(/([MLV])(-?[\d.]+)(?: (-?[\d.]+))?/g, (_, command, x, y) => {
      const place = height(Number(y ?? x));
      if (!Number.isFinite(place)) {
        if (edge !== undefined) return command === 'V' ? `V${edge}` : `${command}${x} ${edge}`;
        isOpen = false;
        return '';
      }
      if (command === 'V') return `V${coordinate(place)}`;
      const start = command === 'M' || (!isOpen && edge === undefined) ? 'M' : 'L';
      isOpen = true;
      return `${start}${x} ${coordinate(place)}`;
    });
  }

  const seedName = (seed) => words.seed.replace('{0}', seed);

  /** Whether a line is drawn: it isn't left out, and of the seed that was chosen, or the mean if that was. */
  function isShown(own, line) {
    if (line.isLeftOut) return false;
    if (line.seed === null) return !line.hasSeeds || own.choice === 'mean' || own.choice === 'all';
    return own.choice === 'all' || own.choice === line.seed;
  }

  /** One pair of axes with its lines; null for another kind of figure. */
  function panel(root) {
    const plot = [...root.children].find((child) => child.tagName === 'svg' && child.querySelector('.line'));
    if (!plot) return null;
    const own = [...root.children];
    const texts = own.filter((child) => child.tagName === 'text' && child.classList.contains('muted'));
    const tick = (place) => (text) => ({ place: place(text), value: number(text.textContent), text: text.textContent });
    const grids = own.filter((child) => child.classList.contains('grid'));
    const labels = texts.filter((text) => text.getAttribute('text-anchor') === 'end');
    const y = labels.map(tick((text) => Number(text.getAttribute('y')) - 5)).filter((each) => !Number.isNaN(each.value));
    const middle = texts.filter((text) => text.getAttribute('text-anchor') === 'middle');
    const x = middle.map(tick((text) => Number(text.getAttribute('x')))).filter((each) => !Number.isNaN(each.value));
    if (x.length < 2 || y.length < 2) return null;
    const names = own.filter((child) => child.tagName === 'text' && child.classList.contains('label'));
    const lines = new Map(), titles = new Map();
    for (const path of plot.querySelectorAll('.line')) {
      const drawing = path.getAttribute('d');
      if (/[VH]/.test(drawing)) continue;
      const color = [...path.classList].find((name) => name !== 'line' && name !== 'seed');
      const isDashed = path.hasAttribute('stroke-dasharray');
      const series = `${color} ${path.getAttribute('stroke-width')} ${path.getAttribute('stroke-dasharray')}`;
      const text = names.find((each) => each.classList.contains(color));
      if (!titles.has(series)) {
        titles.set(series, (text ? text.textContent : String(titles.size + 1)) + (isDashed ? ` (${words.dashed})` : ''));
      }
      const seed = path.dataset.seed ?? null;
      const key = `${series} ${seed}`;
      if (!lines.has(key)) {
        const name = titles.get(series);
        lines.set(key, {
          name, title: seed === null ? name : `${name}, ${seedName(seed)}`, series, color, isDashed, seed,
          isMain: !path.classList.contains('seed'), isLeftOut: false, paths: [], points: [],
        });
      }
      const line = lines.get(key);
      line.paths.push(path);
      for (const [, px, py] of drawing.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)) line.points.push({ x: Number(px), y: Number(py) });
    }
    const all = [...lines.values()].sort((a, b) => b.isMain - a.isMain);
    for (const line of all) line.hasSeeds = all.some((other) => other.series === line.series && other.seed !== null);
    const first = all.find((line) => line.isMain && line.hasSeeds);
    const choice = first ? first.seed ?? 'mean' : 'mean';
    const label = texts.find((text) => !text.hasAttribute('text-anchor'));
    const across = middle.filter((text) => Number.isNaN(number(text.textContent))).pop();
    return {
      root, plot, grids, labels, names, lines: all, choice, usual: choice, isLog: areLogarithmic(y),
      hasMean: all.some((line) => line.hasSeeds && line.seed === null),
      bands: [...plot.querySelectorAll('.band')], bars: [...plot.querySelectorAll('.line')].filter((path) => /V/.test(path.getAttribute('d'))),
      marks: [...plot.querySelectorAll('.mark')], leaders: own.filter((child) => child.classList.contains('leader')),
      x: scale(x, areLogarithmic(x)), y: scale(y, areLogarithmic(y)),
      range: Math.abs(y[y.length - 1].value - y[0].value), unit: y[0].text.endsWith('%') ? ' %' : '',
      isWhole: x.every((each) => Number.isInteger(each.value)),
      across: across ? across.textContent : '', up: label ? label.textContent : '',
      top: Math.min(...y.map((each) => each.place)), bottom: Math.max(...y.map((each) => each.place)),
    };
  }

  /** A number with as many digits as a drawing can tell. */
  function shown(value, range, isLog) {
    if (isLog) return String(Number(value.toPrecision(3)));
    const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(range) + 3.5)));
    return value.toFixed(decimals).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '').replace(/^-0$/, '0');
  }

  /** Draws a panel as its reader chose: the scale, the lines, the seed. */
  function draw(own) {
    for (const element of [...own.root.querySelectorAll('.rescaled')]) element.remove();
    const isLog = own.isLog;
    const isOwn = isLog === own.y.isLog;
    const values = own.lines.flatMap((line) => line.points.map((point) => own.y.value(point.y)));
    let height = (place) => place;
    if (!isOwn) {
      const high = Math.max(own.y.value(own.top), own.y.value(own.bottom));
      const tiny = own.range * 2e-4;
      const low = isLog ? Math.min(...values.filter((value) => value > tiny)) : 0;
      const powers = (base) => Array.from({ length: 40 }, (_, index) => base * 10 ** (index - 20));
      let ticks = isLog ? powers(1) : [0, 0.25, 0.5, 0.75, 1].map((part) => part * high);
      if (isLog && ticks.filter((value) => value >= low && value <= high).length < 2) {
        ticks = [...powers(1), ...powers(2), ...powers(5)];
      }
      const next = scale([{ place: own.bottom, value: low }, { place: own.top, value: high }], isLog);
      height = (place) => {
        const value = own.y.value(place);
        return isLog && value <= tiny ? NaN : next.place(value);
      };
      const [left, right] = [own.plot.x.baseVal.value + 6, own.plot.x.baseVal.value + own.plot.width.baseVal.value - 6];
      for (const value of ticks.filter((each) => each >= low * 0.999 && each <= high * 1.001)) {
        const place = coordinate(next.place(value));
        own.plot.before(
          make('svg:path', { class: 'grid rescaled', d: `M${left} ${place}H${right}` }),
          make('svg:text', { class: 'muted rescaled', x: left - 8, y: Number(place) + 5, 'text-anchor': 'end' },
            String(Number(value.toPrecision(3))) + own.unit));
      }
      own.plot.dataset.lowest = low;
    }
    for (const element of [...own.grids, ...own.labels]) element.style.display = isOwn ? '' : 'none';
    const redraw = (element, attribute, change, isAsDrawn = isOwn) => {
      element.dataset.drawn ??= element.getAttribute(attribute);
      element.setAttribute(attribute, isAsDrawn ? element.dataset.drawn : change(element.dataset.drawn));
    };
    for (const line of own.lines) for (const path of line.paths) redraw(path, 'd', (drawn) => mapped(drawn, height));
    for (const area of [...own.bands, ...own.bars]) redraw(area, 'd', (drawn) => mapped(drawn, height, own.bottom));
    for (const mark of own.marks) {
      redraw(mark, 'transform', (drawn) => {
        const [, x, y] = /\((-?[\d.]+) (-?[\d.]+)\)/.exec(drawn);
        const place = height(Number(y));
        return `translate(${x} ${Number.isFinite(place) ? coordinate(place) : -1000})`;
      });
    }
    for (const line of own.lines) {
      for (const path of line.paths) {
        path.style.display = isShown(own, line) ? 'inline' : 'none';
        path.classList.toggle('faint', own.choice === 'all' && own.hasMean && line.seed !== null);
      }
    }
    // What belongs to a colour is there as long as a line of that colour is.
    const show = (elements, counts) => {
      for (const element of elements) {
        const lines = own.lines.filter((line) => element.classList.contains(line.color));
        if (lines.length) element.style.display = lines.some((line) => counts(line) && isShown(own, line)) ? '' : 'none';
      }
    };
    const isUsual = isOwn && (own.choice === own.usual || own.choice === 'all');
    show([...own.bands, ...own.bars, ...own.marks], (line) => line.isMain);
    show(own.names, () => true);
    show(own.leaders, () => isUsual);
    // Names stay at the ends of their lines, one below the other.
    let above = -Infinity;
    const ends = own.names.map((name) => {
      const line = own.lines.find((each) => name.classList.contains(each.color) && !each.isDashed && isShown(own, each));
      const place = line && height(line.points[line.points.length - 1].y);
      return { name, place: Number.isFinite(place) ? Math.min(Math.max(place, own.top), own.bottom) + 5 : own.bottom + 5 };
    }).sort((a, b) => a.place - b.place);
    for (const { name, place } of ends) {
      if (Number(name.getAttribute('x')) < own.plot.x.baseVal.value + own.plot.width.baseVal.value - 6) continue;
      if (name.style.display === 'none') continue;
      above = Math.max(place, above + 18);
      redraw(name, 'y', () => coordinate(above), isUsual);
    }
    own.height = height;
  }

  document.body.append(make('p', { id: 'ui-figure-help', hidden: '' }, words.figureHelp));
  for (const svg of document.querySelectorAll('.figure > svg')) {
    const panels = [svg, ...svg.querySelectorAll(':scope > g')].map(panel).filter(Boolean);
    if (!panels.length) continue;
    for (const own of panels) own.height = (place) => place;
    const figure = svg.parentNode;
    const output = make('output', { 'aria-live': 'polite' });
    const box = make('div', { class: 'live' });
    figure.replaceWith(box);
    box.append(figure, output);
    svg.tabIndex = 0;
    svg.setAttribute('aria-describedby', 'ui-figure-help');

    let cursor = null;
    let here = null;
    const visible = (own) => own.lines.filter((line) => isShown(own, line));
    // What another seed has outside of the plot is cut off.
    const drawable = (own, line) => line.points.filter((point) => {
      const above = own.height(point.y) - own.plot.y.baseVal.value;
      return above >= 0 && above <= own.plot.height.baseVal.value;
    });
    function point(own, line, at) {
      here = { own, line, at };
      if (cursor) cursor.remove();
      cursor = make('svg:circle', { class: 'cursor', r: 5, cx: at.x, cy: own.height(at.y) });
      own.root.append(cursor);
      const x = own.x.value(at.x);
      const across = own.isWhole && Math.abs(x - Math.round(x)) < 0.05 ? String(Math.round(x)) : shown(x, Math.abs(x) || 1, true);
      const range = own.range;
      output.textContent = `${line.title}: ${shown(own.y.value(at.y), range, own.y.isLog)}${own.unit}, ${own.across} ${across}`;
    }
    function leave() {
      if (cursor) cursor.remove();
      cursor = null;
      output.textContent = '';
    }
    svg.addEventListener('pointermove', (event) => {
      let nearest = null;
      for (const own of panels) {
        const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(own.root.getScreenCTM().inverse());
        for (const line of visible(own)) {
          for (const at of drawable(own, line)) {
            const distance = Math.hypot(at.x - place.x, own.height(at.y) - place.y);
            if (distance < (nearest ? nearest.distance : 40)) nearest = { own, line, at, distance };
          }
        }
      }
      if (nearest) point(nearest.own, nearest.line, nearest.at);
    });
    svg.addEventListener('pointerleave', leave);
    svg.addEventListener('blur', leave);
    svg.addEventListener('keydown', (event) => {
      const all = panels.flatMap((own) => visible(own).map((line) => ({ own, line })))
        .filter(({ own, line }) => drawable(own, line).length);
      if (!all.length || !event.key.startsWith('Arrow')) return;
      event.preventDefault();
      if (!here || !all.some(({ line }) => line === here.line)) {
        point(all[0].own, all[0].line, drawable(all[0].own, all[0].line)[0]);
        return;
      }
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        const points = drawable(here.own, here.line);
        const next = points.indexOf(here.at) + (event.key === 'ArrowRight' ? 1 : -1);
        point(here.own, here.line, points[Math.max(0, Math.min(points.length - 1, next))]);
      } else {
        const next = all.findIndex(({ line }) => line === here.line) + (event.key === 'ArrowDown' ? 1 : all.length - 1);
        const { own, line } = all[next % all.length];
        const points = drawable(own, line);
        point(own, line, points.reduce((a, b) => Math.abs(b.x - here.at.x) < Math.abs(a.x - here.at.x) ? b : a));
      }
    });

    // Lines to choose, and the scale.
    const controls = make('details', {}, make('summary', {}, words.explore));
    const names = [...new Set(panels.flatMap((own) => own.lines.map((line) => line.name)))];
    if (names.length > 1) {
      const choices = make('fieldset', { class: 'controls' }, make('legend', {}, words.series));
      for (const name of names) {
        const line = panels.flatMap((own) => own.lines).find((each) => each.name === name);
        const input = make('input', { type: 'checkbox' });
        input.checked = true;
        input.addEventListener('change', () => {
          leave();
          for (const own of panels) {
            for (const each of own.lines.filter((each) => each.name === name)) each.isLeftOut = !input.checked;
            draw(own);
          }
        });
        const sample = make('svg:path', { class: `line ${line.color}`, d: 'M0 6H24', 'stroke-width': 3 });
        if (line.isDashed) sample.setAttribute('stroke-dasharray', '5 4');
        choices.append(make('label', {}, input,
          make('svg:svg', { class: 'chart', width: 24, height: 12, 'aria-hidden': 'true' }, sample), name));
      }
      controls.append(choices);
    }
    const seeds = [...new Set(panels.flatMap((own) => own.lines.map((line) => line.seed)))]
      .filter((seed) => seed !== null).sort((a, b) => a - b);
    if (seeds.length > 1) {
      const choices = seeds.map((seed) => [seed, seedName(seed)]).concat([['all', words.allSeeds]]);
      if (panels.some((own) => own.hasMean)) choices.unshift(['mean', words.mean]);
      const select = make('select', {}, ...choices.map(([value, name]) => make('option', { value }, name)));
      select.value = panels.find((own) => own.lines.some((line) => line.hasSeeds)).usual;
      select.addEventListener('change', () => {
        leave();
        for (const own of panels) {
          own.choice = select.value;
          draw(own);
        }
      });
      controls.append(make('div', { class: 'controls' }, make('label', {}, make('span', {}, words.seeds), select)));
    }
    const values = panels.flatMap((own) => own.lines.flatMap((line) => line.points.map((at) => own.y.value(at.y))));
    if (values.every((value) => value > -1e-9) && values.some((value) => value > 0)) {
      const isLog = panels[0].y.isLog;
      const choices = make('fieldset', { class: 'controls' }, make('legend', {}, words.scale));
      const group = `scale-${document.querySelectorAll('.live').length}`;
      for (const [index, name] of [words.linear, words.logarithmic].entries()) {
        const input = make('input', { type: 'radio', name: group });
        input.checked = isLog === (index === 1);
        input.addEventListener('change', () => {
          leave();
          for (const own of panels) {
            own.isLog = index === 1;
            draw(own);
          }
        });
        choices.append(make('label', {}, input, name));
      }
      controls.append(choices);
    }
    if (controls.childElementCount > 1) box.append(controls);
  }
})();
